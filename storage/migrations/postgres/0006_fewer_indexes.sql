-- The timeline's index finds a conversation's messages too, reactions among them, so that each message costs one less.
drop index messages_conversation;
drop index messages_timeline;
create index messages_timeline on messages (tenant_id, conversation_id, created_at desc, id desc);
