//! Conversations.

use whatsapp_core::conversation::{AssigneeFilter, ConversationFilter};
use whatsapp_core::{Conversation, ConversationStatus, Id, PageRequest, User};

use super::Outcome;
use super::world::{NOW, Shop, World, later};
use crate::StorageError;
use crate::TenantTx;
use crate::repo::Touch;

pub(super) async fn a_contact_and_a_channel_have_one_thread(world: &World<'_>) -> Outcome {
    let shop = world.shop().await?;
    let second = world.conversation(&shop.channel, &shop.contact);
    let mut unit = world.write(shop.tenant).await?;
    let (found, fresh) = unit.conversations().open_with(&second).await?;
    assert_eq!((found, fresh), (shop.conversation.clone(), false));
    assert_eq!(unit.conversations().find(second.id).await?, None);
    Ok(())
}

async fn get(unit: &mut Box<dyn TenantTx>, shop: &Shop) -> Result<Conversation, StorageError> {
    let found = unit.conversations().find(shop.conversation.id).await?;
    found.ok_or_else(|| StorageError::corrupt("conversation"))
}

pub(super) async fn touching_moves_only_forward(world: &World<'_>) -> Outcome {
    let shop = world.shop().await?;
    let mut unit = world.write(shop.tenant).await?;
    // Meta counts whole seconds, so the first message may be older than its conversation.
    let first = world.env.id();
    let touch = Touch { id: shop.conversation.id, message: first, at: later(-1), inbound: false };
    unit.conversations().touch(&touch).await?;
    let seen = get(&mut unit, &shop).await?;
    assert_eq!((seen.last_message, seen.last_message_at), (Some(first), later(-1)));
    assert_eq!((seen.unread, seen.last_inbound_at), (0, None), "we said it ourselves");
    let newest = world.env.id();
    for (message, at) in [(newest, later(20)), (world.env.id(), later(10))] {
        let touch = Touch { id: shop.conversation.id, message, at, inbound: true };
        unit.conversations().touch(&touch).await?;
    }
    let seen = get(&mut unit, &shop).await?;
    assert_eq!((seen.last_message, seen.last_message_at), (Some(newest), later(20)));
    assert_eq!((seen.unread, seen.last_inbound_at), (2, Some(later(20))));
    Ok(())
}

pub(super) async fn what_is_said_at_once_counts_as_said_one_by_one(world: &World<'_>) -> Outcome {
    let shop = world.shop().await?;
    let (other, mut unit) = (world.contact("Bia"), world.write(shop.tenant).await?);
    unit.contacts().insert(&other).await?;
    let (second, _) =
        unit.conversations().open_with(&world.conversation(&shop.channel, &other)).await?;
    let id = shop.conversation.id;
    unit.conversations().set_status(id, ConversationStatus::Resolved).await?;
    let (early, late, answer) = (world.env.id(), world.env.id(), world.env.id());
    let touch = |id, message, at, inbound| Touch { id, message, at: later(at), inbound };
    let all =
        [touch(id, late, 20, true), touch(second.id, answer, 5, false), touch(id, early, 10, true)];
    unit.conversations().touch_many(&all).await?;
    let seen = get(&mut unit, &shop).await?;
    assert_eq!((seen.last_message, seen.last_message_at), (Some(late), later(20)));
    assert_eq!((seen.unread, seen.last_inbound_at), (2, Some(later(20))));
    assert_eq!(seen.status, ConversationStatus::Open);
    let seen = unit.conversations().find(second.id).await?;
    let seen = seen.ok_or_else(|| StorageError::corrupt("conversation"))?;
    assert_eq!((seen.last_message, seen.unread, seen.last_inbound_at), (Some(answer), 0, None));
    unit.conversations().touch_many(&[]).await
}

pub(super) async fn many_threads_are_opened_at_once(world: &World<'_>) -> Outcome {
    let shop = world.shop().await?;
    let mut unit = world.write(shop.tenant).await?;
    let mut new = vec![world.conversation(&shop.channel, &shop.contact)];
    for name in ["Bia", "Caio"] {
        let contact = world.contact(name);
        unit.contacts().insert(&contact).await?;
        let mut conversation = world.conversation(&shop.channel, &contact);
        (conversation.last_message, conversation.unread) = (Some(world.env.id()), 2);
        (conversation.last_inbound_at, conversation.assignee) =
            (Some(later(3)), Some(world.env.id()));
        new.push(conversation);
    }
    let opened = unit.conversations().open_many(&new).await?;
    if let Some(first) = new.first_mut() {
        *first = shop.conversation.clone();
    }
    assert_eq!(opened, new, "who has a thread keeps it; the order is that of the call");
    let people: Vec<_> = new.iter().map(|thread| thread.contact).chain([world.env.id()]).collect();
    let mut found = unit.conversations().with_contacts(shop.channel.id, &people).await?;
    found.sort_by_key(|thread| thread.id);
    new.sort_by_key(|thread| thread.id);
    assert_eq!(found, new);
    assert!(unit.conversations().with_contacts(world.env.id(), &people).await?.is_empty());
    assert!(unit.conversations().open_many(&[]).await?.is_empty());
    Ok(())
}

pub(super) async fn what_a_customer_says_reopens(world: &World<'_>) -> Outcome {
    let shop = world.shop().await?;
    let id = shop.conversation.id;
    let mut unit = world.write(shop.tenant).await?;
    for (before, after) in [
        (ConversationStatus::Resolved, ConversationStatus::Open),
        (ConversationStatus::Pending, ConversationStatus::Pending),
    ] {
        assert!(unit.conversations().set_status(id, before).await?);
        let touch = Touch { id, message: world.env.id(), at: later(1), inbound: true };
        unit.conversations().touch(&touch).await?;
        assert_eq!(get(&mut unit, &shop).await?.status, after);
    }
    assert!(unit.conversations().mark_read(id).await?);
    assert!(!unit.conversations().mark_read(id).await?, "nothing was unread");
    assert_eq!(get(&mut unit, &shop).await?.unread, 0);
    Ok(())
}

/// A tenant with `n` conversations over one channel, the later the younger.
async fn inbox(world: &World<'_>, n: i64) -> Result<(Shop, Vec<Conversation>), StorageError> {
    let shop = world.shop().await?;
    let mut unit = world.write(shop.tenant).await?;
    let mut all = Vec::new();
    for number in 1..=n {
        let contact = world.contact(&format!("Person {number}"));
        unit.contacts().insert(&contact).await?;
        let mut conversation = world.conversation(&shop.channel, &contact);
        // Two of each time, so that the id must break ties.
        conversation.last_message_at = later(number / 2);
        all.push(unit.conversations().open_with(&conversation).await?.0);
    }
    unit.commit().await?;
    all.push(shop.conversation.clone());
    all.sort_by_key(|c| std::cmp::Reverse((c.last_message_at, c.id)));
    Ok((shop, all))
}

pub(super) async fn the_inbox_is_walked_by_activity(world: &World<'_>) -> Outcome {
    let (shop, all) = inbox(world, 6).await?;
    let mut unit = world.read(shop.tenant).await?;
    let (mut seen, mut cursor) = (Vec::new(), None);
    loop {
        let request = PageRequest::first(2).after(cursor);
        let page = unit.conversations().page(&ConversationFilter::default(), &request).await?;
        seen.extend(page.items);
        cursor = page.next;
        if cursor.is_none() {
            break;
        }
    }
    assert_eq!(seen, all);
    Ok(())
}

async fn listed(
    unit: &mut Box<dyn TenantTx>,
    filter: ConversationFilter,
) -> Result<Vec<Id<Conversation>>, StorageError> {
    let page = unit.conversations().page(&filter, &PageRequest::first(50)).await?;
    Ok(page.items.into_iter().map(|conversation| conversation.id).collect())
}

pub(super) async fn the_inbox_is_narrowed(world: &World<'_>) -> Outcome {
    let (shop, all) = inbox(world, 3).await?;
    let user: Id<User> = world.env.id();
    let id = shop.conversation.id;
    let mut unit = world.write(shop.tenant).await?;
    unit.conversations().set_status(id, ConversationStatus::Pending).await?;
    unit.conversations().assign(id, None, Some(user)).await?;
    let none = ConversationFilter::default;
    let pending = ConversationFilter { status: Some(ConversationStatus::Pending), ..none() };
    assert_eq!(listed(&mut unit, pending).await?, vec![id]);
    let mine = ConversationFilter { assignee: AssigneeFilter::User(user), ..none() };
    assert_eq!(listed(&mut unit, mine).await?, vec![id]);
    let nobodys = ConversationFilter { assignee: AssigneeFilter::Nobody, ..none() };
    assert_eq!(listed(&mut unit, nobodys).await?.len(), all.len() - 1);
    let of = ConversationFilter { contact: Some(shop.contact.id), ..none() };
    assert_eq!(listed(&mut unit, of).await?, vec![id]);
    let elsewhere = ConversationFilter { channel: Some(world.env.id()), ..none() };
    assert!(listed(&mut unit, elsewhere).await?.is_empty());
    let searched = ConversationFilter { search: Some("person 2".to_owned()), ..none() };
    assert_eq!(listed(&mut unit, searched).await?.len(), 1);
    Ok(())
}

pub(super) async fn assigning_checks_who_had_it(world: &World<'_>) -> Outcome {
    let shop = world.shop().await?;
    let (ana, bia): (Id<User>, Id<User>) = (world.env.id(), world.env.id());
    let id = shop.conversation.id;
    let mut unit = world.write(shop.tenant).await?;
    assert!(unit.conversations().assign(id, Some(None), Some(ana)).await?);
    assert!(!unit.conversations().assign(id, Some(None), Some(bia)).await?, "it was ana's");
    assert!(!unit.conversations().assign(id, None, Some(ana)).await?, "nothing changes hands");
    assert!(unit.conversations().assign(id, Some(Some(ana)), Some(bia)).await?);
    assert!(unit.conversations().assign(id, None, None).await?);
    assert_eq!(get(&mut unit, &shop).await?.assignee, None);
    assert!(!unit.conversations().assign(world.env.id(), None, Some(ana)).await?);
    Ok(())
}

pub(super) async fn counts_say_what_lists_hold(world: &World<'_>) -> Outcome {
    let (shop, all) = inbox(world, 3).await?;
    let user: Id<User> = world.env.id();
    let id = shop.conversation.id;
    let mut unit = world.write(shop.tenant).await?;
    unit.conversations().set_status(id, ConversationStatus::Pending).await?;
    unit.conversations().assign(id, None, Some(user)).await?;
    let touch = Touch { id, message: world.env.id(), at: NOW, inbound: true };
    unit.conversations().touch(&touch).await?;
    let counts = unit.conversations().counts(None, Some(user), false).await?;
    let open = i64::try_from(all.len()).unwrap_or_default() - 1;
    assert_eq!((counts.open, counts.pending, counts.resolved), (open, 1, 0));
    assert_eq!((counts.mine, counts.unassigned, counts.unread), (1, open, 1));
    let mine = unit.conversations().counts(Some(shop.channel.id), Some(user), true).await?;
    assert_eq!((mine.open, mine.pending, mine.mine, mine.unassigned), (0, 1, 1, 0));
    let nowhere = unit.conversations().counts(Some(world.env.id()), Some(user), false).await?;
    assert_eq!(nowhere, whatsapp_core::conversation::ConversationCounts::default());
    Ok(())
}
