//! Connecting numbers.

use whatsapp_cloud::AccountApi;
use whatsapp_core::{ChannelState, Classified, PageRequest, Secret, TemplateStatus};
use whatsapp_platform::testing::TestPlatform;
use whatsapp_platform::workspace::NewChannel;
use whatsapp_storage::repo::TemplateFilter;
use whatsapp_storage::{Mode, Store};

use crate::{code, open_world, shop};

/// A number of the simulated Meta, as somebody connects it.
pub(crate) fn number(world: &TestPlatform, index: usize) -> NewChannel {
    let access = world.simulator.access(index).expect("the simulator has this number");
    NewChannel {
        name: None,
        waba_id: access.waba_id,
        phone_number_id: access.phone_number_id,
        access_token: access.token,
        app_secret: None,
    }
}

#[tokio::test]
async fn a_number_is_connected_with_its_templates() {
    let (world, shop) = shop().await;
    let channel = shop.workspace.channels().find(shop.channel).await.expect("finds");
    assert_eq!(channel.state, ChannelState::Connected);
    assert_eq!(channel.phone.as_str(), world.simulator.numbers()[0].phone);
    let filter =
        TemplateFilter { status: Some(TemplateStatus::Approved), ..TemplateFilter::default() };
    let templates = shop.workspace.templates().page(filter, PageRequest::default()).await;
    assert!(!templates.expect("lists").items.is_empty());
    let again = shop.workspace.templates().sync(shop.channel).await.expect("syncs");
    assert!(again > 0);
}

#[tokio::test]
async fn a_sealed_token_is_nowhere_in_the_row() {
    let (mut world, store) = open_world().await;
    let shop = world.tenant("Casa Aurora").await;
    let token = number(&world, 0).access_token;
    let mut tx = store.tenant(shop.tenant, Mode::Read).await.expect("opens");
    let row = tx.channels().find(shop.channel).await.expect("reads").expect("is there");
    assert!(row.token_sealed.expose().starts_with("v1."));
    assert!(!row.token_sealed.expose().contains(token.expose()));
    assert!(!format!("{row:?}").contains(row.token_sealed.expose()));
}

#[tokio::test]
async fn wrong_credentials_are_explained_and_nothing_is_kept() {
    let (world, shop) = shop().await;
    let channels = shop.workspace.channels();
    let mut wrong = number(&world, 1);
    wrong.access_token = Secret::from("EAAwrong");
    let refused = channels.connect(wrong).await.expect_err("refused");
    assert!(refused.to_string().len() > 20, "in plain words: {refused}");
    assert_eq!(code::<()>(Err(refused)), "META_190");
    let mut mixed = number(&world, 1);
    mixed.waba_id = number(&world, 0).waba_id;
    assert_eq!(code(channels.connect(mixed).await), "CHANNEL_MISMATCH");
    for break_it in [
        (|n: &mut NewChannel| n.waba_id = "../me".into()) as fn(&mut NewChannel),
        |n| n.phone_number_id = "12a45".into(),
        |n| n.phone_number_id = String::new(),
        |n| n.access_token = "two words".into(),
        |n| n.access_token = "".into(),
        |n| n.app_secret = Some("line\nbreak".into()),
        |n| n.name = Some("x".repeat(101)),
    ] {
        let mut broken = number(&world, 1);
        break_it(&mut broken);
        assert_eq!(code(channels.check(&broken).await), "CHANNEL_FIELDS", "{broken:?}");
    }
    assert_eq!(channels.list().await.expect("lists").len(), 1);
    let good = channels.check(&number(&world, 1)).await.expect("is good");
    assert_eq!(good.phone.expect("has one").as_str(), world.simulator.numbers()[1].phone);
    assert_eq!(channels.list().await.expect("lists").len(), 1, "checking keeps nothing");
}

#[tokio::test]
async fn an_app_secret_that_is_not_the_token_s_app_s_is_refused_at_its_field_and_nothing_is_kept() {
    let (world, shop) = shop().await;
    let channels = shop.workspace.channels();
    let mut wrong = number(&world, 1);
    wrong.app_secret = Some(Secret::from("0123456789abcdef0123456789abcdef"));
    for refused in [
        channels.check(&wrong).await.map(drop).expect_err("refused"),
        channels.connect(wrong.clone()).await.map(drop).expect_err("refused"),
    ] {
        assert_eq!(refused.code(), "CHANNEL_SECRET");
        assert_eq!(refused.details()[0].field, "app_secret");
    }
    assert_eq!(channels.list().await.expect("lists").len(), 1, "nothing is kept");
    let subscribed = world.simulator.access(1).expect("the simulator has this number");
    let apps = world.simulator.subscribed_apps(&subscribed).await.expect("lists");
    assert!(apps.is_empty(), "Meta was not asked for webhooks: {apps:?}");

    wrong.access_token = Secret::from("EAAwrong");
    assert_eq!(code(channels.check(&wrong).await), "META_190", "the token is told first");
}

#[tokio::test]
async fn the_platform_s_own_app_secret_is_not_kept_and_messages_come_in_as_ever() {
    let (mut world, store) = open_world().await;
    let shop = world.tenant("Casa Aurora").await;
    let channels = shop.workspace.channels();
    channels.disconnect(shop.channel).await.expect("disconnects");
    let mut own = number(&world, 0);
    own.app_secret = Some(world.simulator.app_secret());
    channels.check(&own).await.expect("is good");
    channels.connect(own).await.expect("connects");

    let mut tx = store.tenant(shop.tenant, Mode::Read).await.expect("opens");
    let row = tx.channels().find(shop.channel).await.expect("reads").expect("is there");
    assert!(row.app_secret_sealed.is_none(), "the platform's app owns the number");
    drop(tx);
    world.customer("+5511981234567").says("Do you have bread?").await;
    let counts = shop.workspace.conversations().counts(Some(shop.channel)).await.expect("counts");
    assert_eq!((counts.open, counts.unread), (1, 1));
}

#[tokio::test]
async fn a_number_is_connected_once_on_the_whole_platform() {
    let (mut world, shop) = shop().await;
    let other = world.tenant("Blue Harbor").await;
    let here = shop.workspace.channels().connect(number(&world, 0)).await;
    assert_eq!(code(here), "CHANNEL_EXISTS");
    let elsewhere = other.workspace.channels().connect(number(&world, 0)).await;
    assert_eq!(code(elsewhere), "CHANNEL_EXISTS");
}

#[tokio::test]
async fn a_disconnected_number_comes_back_with_its_conversations() {
    let (mut world, shop) = shop().await;
    world.customer("+5511981234567").says("Do you have bread?").await;
    let channels = shop.workspace.channels();
    channels.disconnect(shop.channel).await.expect("disconnects");
    let gone = channels.find(shop.channel).await.expect("is still listed");
    assert_eq!(gone.state, ChannelState::Disconnected);
    assert!(gone.problem.is_some());
    assert_eq!(code(shop.workspace.templates().sync(shop.channel).await), "CHANNEL_DISCONNECTED");
    channels.disconnect(shop.channel).await.expect("changes nothing");

    let back = channels.connect(number(&world, 0)).await.expect("connects again");
    assert_eq!((back.id, back.state), (shop.channel, ChannelState::Connected));
    assert_eq!(back.name, "Casa Aurora");
    let counts = shop.workspace.conversations().counts(Some(back.id)).await.expect("counts");
    assert_eq!(counts.open, 1);
    world.customer("+5511981234567").says("Hello again").await;
    let counts = shop.workspace.conversations().counts(Some(back.id)).await.expect("counts");
    assert_eq!(counts.unread, 1);
}

#[tokio::test]
async fn a_number_is_called_what_the_team_calls_it() {
    let (_world, shop) = shop().await;
    let channels = shop.workspace.channels();
    let renamed = channels.rename(shop.channel, " Orders ").await.expect("renames");
    assert_eq!(renamed.name, "Orders");
    assert_eq!(code(channels.rename(shop.channel, "  ").await), "CHANNEL_FIELDS");
}
