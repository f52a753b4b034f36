//! Channels, and finding whose they are.

use whatsapp_core::channel::{ChannelState, Problem};
use whatsapp_core::{PageRequest, Secret, Span, WaitReason, Waiting};

use super::Outcome;
use super::world::{NOW, World, later};

pub(super) async fn a_number_is_connected_once_on_the_platform(world: &World<'_>) -> Outcome {
    let (one, two) = (world.tenant().await?, world.tenant().await?);
    let channel = world.channel();
    let mut unit = world.write(one).await?;
    assert!(unit.channels().insert(&channel).await?, "a new number is refused");
    let mut same = world.channel();
    same.phone_number_id.clone_from(&channel.phone_number_id);
    assert!(!unit.channels().insert(&same).await?, "a number was connected twice in a tenant");
    unit.commit().await?;
    let mut unit = world.write(two).await?;
    assert!(!unit.channels().insert(&same).await?, "a number was connected in two tenants");
    assert!(unit.channels().list().await?.is_empty());
    Ok(())
}

pub(super) async fn a_changed_channel_is_read_back(world: &World<'_>) -> Outcome {
    let mut shop = world.shop().await?;
    let problem = Problem { code: "META_190".to_owned(), message: "access ended".to_owned() };
    let since = shop.channel.created_at + Span::hours(1);
    shop.channel.turn(ChannelState::Disconnected, Some(problem.clone()), since);
    shop.channel.app_secret_sealed = Some(Secret::from("sealed"));
    shop.channel.throughput = 1000;
    let mut unit = world.write(shop.tenant).await?;
    assert!(unit.channels().update(&shop.channel).await?);
    let found = unit.channels().find(shop.channel.id).await?;
    let held = unit.channels().hold(shop.channel.id).await?;
    assert_eq!(held.map(|c| (c.id, c.name)), found.as_ref().map(|c| (c.id, c.name.clone())));
    let found = found.ok_or_else(|| crate::StorageError::corrupt("channel"))?;
    assert_eq!((found.state, found.problem), (ChannelState::Disconnected, Some(problem)));
    assert_eq!(found.state_at, since);
    assert_eq!(found.app_secret_sealed, shop.channel.app_secret_sealed);
    assert_eq!((found.throughput, found.phone), (1000, shop.channel.phone));
    assert_eq!(found.token_sealed, shop.channel.token_sealed);
    Ok(())
}

pub(super) async fn why_campaigns_wait_is_kept_beside_the_channel(world: &World<'_>) -> Outcome {
    let shop = world.shop().await?;
    let pace = Waiting { reason: WaitReason::Budget, until: Some(later(60)) };
    let mut unit = world.write(shop.tenant).await?;
    unit.channels().note_pace(shop.channel.id, Some(pace)).await?;
    unit.channels().update(&shop.channel).await?;
    let found = unit.channels().find(shop.channel.id).await?;
    assert_eq!(found.and_then(|c| c.pace), Some(pace), "a change of the channel took it along");
    unit.channels().note_pace(shop.channel.id, None).await?;
    let found = unit.channels().list().await?.pop();
    assert_eq!(found.and_then(|c| c.pace), None);
    Ok(())
}

pub(super) async fn the_latest_inbound_time_only_grows(world: &World<'_>) -> Outcome {
    let shop = world.shop().await?;
    let mut unit = world.write(shop.tenant).await?;
    for at in [later(10), NOW, later(5)] {
        unit.channels().note_inbound(shop.channel.id, at).await?;
    }
    let found = unit.channels().find(shop.channel.id).await?;
    assert_eq!(found.and_then(|c| c.last_inbound_at), Some(later(10)));
    Ok(())
}

pub(super) async fn a_deleted_channel_takes_its_conversations(world: &World<'_>) -> Outcome {
    let shop = world.shop().await?;
    let message = world.message(&shop, "hello", NOW);
    let mut unit = world.write(shop.tenant).await?;
    unit.messages().insert(&message).await?;
    assert!(unit.channels().delete(shop.channel.id).await?);
    assert!(!unit.channels().delete(shop.channel.id).await?, "deleted twice");
    assert_eq!(unit.conversations().find(shop.conversation.id).await?, None);
    assert_eq!(unit.messages().find(message.id).await?, None);
    assert!(unit.contacts().find(shop.contact.id).await?.is_some(), "the person was deleted too");
    Ok(())
}

pub(super) async fn a_number_and_an_account_lead_to_their_tenant(world: &World<'_>) -> Outcome {
    let shop = world.shop().await?;
    let mut system = world.system().await?;
    let found = system.routing().channel_by_phone_number_id(&shop.channel.phone_number_id).await?;
    assert_eq!(found.map(|(t, c)| (t, c.id)), Some((shop.tenant, shop.channel.id)));
    let found = system.routing().channels_by_waba(&shop.channel.waba_id).await?;
    assert_eq!(found.len(), 1, "an account leads to its channels");
    assert!(system.routing().channel_by_phone_number_id("nobody").await?.is_none());
    let page = system.tenants().page(&PageRequest::first(200)).await?;
    assert!(!page.items.is_empty(), "routing left the platform's view");
    Ok(())
}

pub(super) async fn only_brought_apps_have_secrets(world: &World<'_>) -> Outcome {
    let plain = world.shop().await?;
    let mut brought = world.shop().await?;
    brought.channel.app_secret_sealed = Some(Secret::from("sealed app secret"));
    let mut unit = world.write(brought.tenant).await?;
    unit.channels().update(&brought.channel).await?;
    unit.commit().await?;
    let mut system = world.system().await?;
    let secrets = system.routing().app_secrets().await?;
    let of = |id| secrets.iter().find(|(_, channel, _)| *channel == id);
    assert!(of(plain.channel.id).is_none());
    let found = of(brought.channel.id).map(|(t, _, s)| (*t, s.expose().to_owned()));
    assert_eq!(found, Some((brought.tenant, "sealed app secret".to_owned())));
    Ok(())
}
