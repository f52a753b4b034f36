//! Messages.

use whatsapp_core::message::Direction;
use whatsapp_core::send::Priority;
use whatsapp_core::{Content, PageRequest};

use super::Outcome;
use super::world::{NOW, World, later};

pub(super) async fn a_message_is_read_back_as_it_was_kept(world: &World<'_>) -> Outcome {
    let shop = world.shop().await?;
    let mut message = world.message(&shop, "olá 👋 \"quoted\" \\ 'x'", NOW);
    message.reply_to_wamid = Some("wamid.before".to_owned());
    let mut place = world.message(&shop, "", later(1));
    place.content = Content::Location {
        latitude: -23.55,
        longitude: -46.63,
        name: Some("Sé".to_owned()),
        address: None,
    };
    let mut unit = world.write(shop.tenant).await?;
    assert!(unit.messages().insert(&message).await?);
    unit.messages().insert_many(std::slice::from_ref(&place)).await?;
    assert_eq!(unit.messages().find(message.id).await?.as_ref(), Some(&message));
    let mut many = unit.messages().many(&[place.id, message.id, world.env.id()]).await?;
    many.sort_by_key(|m| m.created_at);
    assert_eq!(many, vec![message, place]);
    Ok(())
}

pub(super) async fn metas_id_is_known_once_on_a_channel(world: &World<'_>) -> Outcome {
    let shop = world.shop().await?;
    let message = world.message(&shop, "hello", NOW);
    let mut again = world.message(&shop, "hello again", NOW);
    again.wamid.clone_from(&message.wamid);
    let mut unit = world.write(shop.tenant).await?;
    assert!(unit.messages().insert(&message).await?);
    assert!(!unit.messages().insert(&again).await?, "a repetition was kept");
    let wamid = message.wamid.as_deref().unwrap_or_default();
    let found = unit.messages().by_wamid(shop.channel.id, wamid).await?;
    assert_eq!(found, Some(message.clone()));
    assert_eq!(unit.messages().by_wamid(world.env.id(), wamid).await?, None, "another channel");
    Ok(())
}

pub(super) async fn of_many_only_the_new_ones_are_kept(world: &World<'_>) -> Outcome {
    let shop = world.shop().await?;
    let (first, second) = (world.message(&shop, "one", NOW), world.message(&shop, "two", NOW));
    let mut again = world.message(&shop, "one again", NOW);
    again.wamid.clone_from(&first.wamid);
    let mut send = world.send(&shop, Priority::Interactive);
    send.wamid = Some("wamid.ours".to_owned());
    let mut unit = world.write(shop.tenant).await?;
    assert!(unit.messages().insert(&first).await?);
    unit.sends().insert(&[send]).await?;
    assert_eq!(unit.messages().insert_many(&[again, second.clone()]).await?, vec![second.id]);
    let wamid = |message: &whatsapp_core::Message| message.wamid.clone().unwrap_or_default();
    let (one, two) = (wamid(&first), wamid(&second));
    let asked = [one.as_str(), "wamid.nobody", "wamid.ours", two.as_str()];
    let mut known = unit.messages().known(shop.channel.id, &asked).await?;
    known.sort();
    let mut expected = vec!["wamid.ours".to_owned(), one.clone(), two.clone()];
    expected.sort();
    assert_eq!(known, expected);
    assert!(unit.messages().known(world.env.id(), &asked).await?.is_empty(), "another channel");
    assert!(unit.messages().known(shop.channel.id, &[]).await?.is_empty());
    Ok(())
}

pub(super) async fn an_outgoing_message_is_found_by_the_ledgers_wamid(
    world: &World<'_>,
) -> Outcome {
    let shop = world.shop().await?;
    let mut send = world.send(&shop, Priority::Interactive);
    send.wamid = Some("wamid.out".to_owned());
    let mut message = world.message(&shop, "hello", NOW);
    message.id = send.message();
    message.direction = Direction::Outbound;
    message.wamid = None;
    let mut unit = world.write(shop.tenant).await?;
    unit.messages().insert(&message).await?;
    unit.sends().insert(&[send]).await?;
    let found = unit.messages().by_wamid(shop.channel.id, "wamid.out").await?;
    assert_eq!(found, Some(message));
    Ok(())
}

pub(super) async fn the_timeline_is_walked_newest_first(world: &World<'_>) -> Outcome {
    let shop = world.shop().await?;
    let mut messages: Vec<_> =
        (0..7).map(|n| world.message(&shop, &n.to_string(), later(n / 2))).collect();
    let mut unit = world.write(shop.tenant).await?;
    unit.messages().insert_many(&messages).await?;
    messages.sort_by_key(|m| std::cmp::Reverse((m.created_at, m.id)));
    let (mut seen, mut cursor) = (Vec::new(), None);
    loop {
        let request = PageRequest::first(3).after(cursor);
        let page = unit.messages().timeline(shop.conversation.id, &request).await?;
        seen.extend(page.items);
        cursor = page.next;
        if cursor.is_none() {
            break;
        }
    }
    assert_eq!(seen, messages);
    Ok(())
}

pub(super) async fn reactions_stand_beside_the_timeline(world: &World<'_>) -> Outcome {
    let shop = world.shop().await?;
    let message = world.message(&shop, "hello", NOW);
    let wamid = message.wamid.clone().unwrap_or_default();
    let mut unit = world.write(shop.tenant).await?;
    unit.messages().insert(&message).await?;
    let mut reactions = Vec::new();
    for (n, emoji) in ["👍", "❤️"].into_iter().enumerate() {
        let mut reaction = world.message(&shop, "", later(i64::try_from(n).unwrap_or(0)));
        reaction.content = Content::Reaction { wamid: wamid.clone(), emoji: emoji.to_owned() };
        unit.messages().insert(&reaction).await?;
        reactions.push(reaction);
    }
    let page = unit.messages().timeline(shop.conversation.id, &PageRequest::default()).await?;
    assert_eq!(page.items, vec![message]);
    let found = unit.messages().reactions(shop.conversation.id, &[wamid]).await?;
    assert_eq!(found, reactions, "oldest first");
    let none = unit.messages().reactions(shop.conversation.id, &["other".to_owned()]).await?;
    assert!(none.is_empty());
    Ok(())
}

pub(super) async fn content_can_be_replaced(world: &World<'_>) -> Outcome {
    let shop = world.shop().await?;
    let message = world.message(&shop, "hello", NOW);
    let mut unit = world.write(shop.tenant).await?;
    unit.messages().insert(&message).await?;
    let content = Content::Unsupported { reason: "gone".to_owned() };
    assert!(unit.messages().set_content(message.id, &content).await?);
    assert!(!unit.messages().set_content(world.env.id(), &content).await?);
    let found = unit.messages().find(message.id).await?;
    assert_eq!(found.map(|m| m.content), Some(content));
    Ok(())
}
