-- One writer: the order of insertion is the order of the commits. An event's serial is its position, given at once.
drop index events_position;
drop index events_unsequenced;
drop index events_happened;
create index events_happened on events (happened_at);

-- The timeline's index finds a conversation's messages too, reactions among them, so that each message costs one less.
drop index messages_conversation;
drop index messages_timeline;
create index messages_timeline on messages (tenant_id, conversation_id, created_at desc, id desc);
