//! Calls that are applied together: each says what it says, whatever else is in the batch, and what cannot be applied
//! is put aside alone.

use std::sync::Arc;

use serde_json::{Value, json};
use sqlx::{Connection as _, PgConnection, SqliteConnection};
use tracing::field::{Field, Visit};
use whatsapp_cloud::simulator::{AcceptedSend, Faults};
use whatsapp_cloud::webhook::sign;
use whatsapp_core::contact::ContactFilter;
use whatsapp_core::event::{JournalFilter, JournalOutcome};
use whatsapp_core::{ContactSource, Env, NewContact, PageRequest, Span};
use whatsapp_platform::JournalQuery;
use whatsapp_platform::testing::{TestPlatform, TestTenant};
use whatsapp_platform::workspace::ContactPatch;
use whatsapp_storage::Store;
use whatsapp_storage::sql::SqlStore;

use crate::running::new_database;
use crate::sending::{campaign_to, phone};
use crate::shop;

/// Meta's word that these people stopped our marketing, in one call.
fn stopped(world: &TestPlatform, sends: &[&AcceptedSend]) -> String {
    let status = |send: &&AcceptedSend| {
        json!({
            "id": send.wamid,
            "status": "failed",
            "timestamp": world.platform.env().now().seconds().to_string(),
            "recipient_id": send.to.trim_start_matches('+'),
            "biz_opaque_callback_data": send.callback_data,
            "errors": [{"code": 131_050, "title": "User has stopped receipt of marketing messages"}],
        })
    };
    let statuses: Vec<Value> = sends.iter().map(status).collect();
    call(world, ("statuses", statuses.into()), json!([]))
}

/// A call of Meta's about the first number.
fn call(world: &TestPlatform, (what, list): (&str, Value), contacts: Value) -> String {
    let access = world.simulator.access(0).expect("has a number");
    let value = json!({
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": "0", "phone_number_id": access.phone_number_id},
        "contacts": contacts,
        what: list,
    });
    let changes = json!([{"field": "messages", "value": value}]);
    let entry = json!([{"id": access.waba_id, "changes": changes}]);
    json!({"object": "whatsapp_business_account", "entry": entry}).to_string()
}

/// The call by which somebody writes; with a business-scoped id, if the person has one.
fn written(world: &TestPlatform, n: usize, text: &str, bsuid: Option<&str>) -> String {
    let wa_id = phone(n).as_str().trim_start_matches('+').to_owned();
    let contact = json!({"profile": {"name": "Somebody"}, "wa_id": wa_id, "user_id": bsuid});
    let message = json!({
        "from": wa_id,
        "from_user_id": bsuid,
        "id": format!("wamid.{n}"),
        "timestamp": world.platform.env().now().seconds().to_string(),
        "type": "text",
        "text": {"body": text},
    });
    call(world, ("messages", json!([message])), json!([contact]))
}

async fn keep(world: &TestPlatform, body: String) {
    let signature = sign(&world.simulator.app_secret(), body.as_bytes());
    world.platform.deliver(Some(&signature), body.into()).await.expect("is kept");
}

async fn deliver(world: &mut TestPlatform, body: String) {
    keep(world, body).await;
    world.settle().await;
}

/// Who wants no marketing, by number.
async fn unwilling(shop: &TestTenant) -> Vec<String> {
    let contacts = shop.workspace.contacts();
    let page = contacts.page(ContactFilter::default(), PageRequest::first(200)).await;
    let contacts = page.expect("reads").items.into_iter().filter(|c| !c.accepts_marketing());
    let mut phones: Vec<_> = contacts.filter_map(|c| Some(c.phone?.to_string())).collect();
    phones.sort();
    phones
}

#[tokio::test]
async fn a_repeated_word_of_one_person_is_no_news_because_of_anothers_in_the_same_call() {
    let (mut world, shop) = shop().await;
    let mut faults = Faults::default();
    faults.webhooks.drop_statuses = 1.0;
    world.simulator.set_faults(faults);
    let id = campaign_to(&shop, 2).await;
    shop.workspace.campaigns().start(id).await.expect("starts");
    world.settle().await;
    let sends = world.simulator.sends();
    let [ana, bia] = &sends[..] else { panic!("two were sent") };
    let told = stopped(&world, &[ana]);
    deliver(&mut world, told).await;
    assert_eq!(unwilling(&shop).await, [ana.to.as_str()]);
    let contacts = shop.workspace.contacts();
    let page = contacts.page(ContactFilter::default(), PageRequest::first(200)).await;
    let people = page.expect("reads").items;
    let back = people.iter().find(|c| c.phone.as_ref().is_some_and(|p| p.as_str() == ana.to));
    let patch = ContactPatch { opted_out: Some(false), ..ContactPatch::default() };
    contacts.update(back.expect("is known").id, patch).await.expect("Ana wants it again");
    world.clock.advance(Span::minutes(1));
    let told = stopped(&world, &[ana, bia]);
    deliver(&mut world, told).await;
    assert_eq!(unwilling(&shop).await, [bia.to.as_str()], "Ana's word is old, Bia's is new");
}

/// What everybody's last word is, in the order of the words.
async fn heard(shop: &TestTenant) -> Vec<String> {
    let talks = shop.workspace.conversations();
    let page = talks.page(Default::default(), PageRequest::first(200)).await.expect("reads");
    let last = page.items.into_iter().filter_map(|talk| talk.last);
    let mut heard: Vec<_> = last.map(|last| last.message.content.preview()).collect();
    heard.sort();
    heard
}

async fn put_aside(world: &TestPlatform) -> Vec<String> {
    let filter =
        JournalFilter { outcome: Some(JournalOutcome::Quarantined), ..JournalFilter::default() };
    let query = JournalQuery { filter, ..JournalQuery::default() };
    let found = world.platform.journal().list(&query, 10).await.expect("lists");
    found.into_iter().map(|entry| entry.note.unwrap_or_default()).collect()
}

/// Three write, the second of them what cannot be applied: the others are heard at once, and that one is put aside when
/// it was tried often enough.
async fn the_others_are_heard(
    world: &mut TestPlatform,
    shop: &TestTenant,
    poison: (&str, Option<&str>),
) -> String {
    for (n, (text, bsuid)) in [("one", None), poison, ("three", None)].into_iter().enumerate() {
        keep(world, written(world, n, text, bsuid)).await;
    }
    world.step().await.expect("the batch is applied");
    assert_eq!(heard(shop).await, ["one", "three"], "nobody waits for it");
    assert!(put_aside(world).await.is_empty(), "it is tried again");
    for _ in 0..12 {
        world.clock.advance(Span::minutes(5));
        world.settle().await;
    }
    let mut aside = put_aside(world).await;
    assert_eq!(aside.len(), 1, "it alone");
    keep(world, written(world, 3, "zzz", None)).await;
    world.settle().await;
    assert_eq!(heard(shop).await, ["one", "three", "zzz"], "and nothing stands in the way");
    aside.remove(0)
}

const REFUSED: &str = "what the database refuses";

#[tokio::test]
async fn a_message_that_sqlite_refuses_is_put_aside_alone() {
    let folder = tempfile::tempdir().expect("a folder");
    let url = format!("sqlite:{}", folder.path().join("store.db").display());
    let store = SqlStore::connect(&url, Env::system()).await.expect("opens");
    let store = Arc::new(store) as Arc<dyn Store>;
    let mut world = TestPlatform::on(move |_| store).await;
    let shop = world.tenant("Casa Aurora").await;
    let mut db = SqliteConnection::connect(&url).await.expect("opens");
    let refuse = "create trigger refuse before insert on messages
        when new.content like '%what the database refuses%'
        begin select raise(abort, 'refused on purpose'); end";
    sqlx::query(refuse).execute(&mut db).await.expect("is made");
    db.close().await.expect("closes");
    the_others_are_heard(&mut world, &shop, (REFUSED, None)).await;
}

#[tokio::test]
async fn a_message_that_postgres_refuses_is_put_aside_alone() {
    let url = new_database().await;
    let store = SqlStore::connect(&url, Env::system()).await.expect("opens");
    let store = Arc::new(store) as Arc<dyn Store>;
    let mut world = TestPlatform::on(move |_| store).await;
    let shop = world.tenant("Casa Aurora").await;
    let mut db = PgConnection::connect(&url).await.expect("opens");
    let refuse = "alter table messages add constraint refuse
        check (content::text not like '%what the database refuses%')";
    sqlx::query(refuse).execute(&mut db).await.expect("is made");
    the_others_are_heard(&mut world, &shop, (REFUSED, None)).await;
}

/// A log that panics where a certain sentence is written: so the program panics over a message that is like others.
struct Panicking;

impl Visit for Panicking {
    fn record_debug(&mut self, _: &Field, value: &dyn std::fmt::Debug) {
        let panics = format!("{value:?}").contains("two contacts share the handles");
        assert!(!panics, "a panic on purpose over a message");
    }
}

impl tracing::Subscriber for Panicking {
    fn enabled(&self, _: &tracing::Metadata<'_>) -> bool {
        true
    }
    fn new_span(&self, _: &tracing::span::Attributes<'_>) -> tracing::span::Id {
        tracing::span::Id::from_u64(1)
    }
    fn record(&self, _: &tracing::span::Id, _: &tracing::span::Record<'_>) {}
    fn record_follows_from(&self, _: &tracing::span::Id, _: &tracing::span::Id) {}
    fn event(&self, event: &tracing::Event<'_>) {
        event.record(&mut Self);
    }
    fn enter(&self, _: &tracing::span::Id) {}
    fn exit(&self, _: &tracing::span::Id) {}
}

/// Who writes under the number of one person and the business-scoped id of another is told of in the log.
async fn a_message_over_which_it_panics_is_put_aside_alone(mut world: TestPlatform) {
    let shop = world.tenant("Casa Aurora").await;
    let scoped = "BR.12345678901234567890";
    let mut other = NewContact::with_phone(phone(77));
    other.bsuid = Some(scoped.to_owned());
    for new in [other, NewContact::with_phone(phone(1))] {
        let added = shop.workspace.contacts().upsert(new, ContactSource::Manual, None).await;
        added.expect("adds");
    }
    let panics = tracing::subscriber::set_default(Panicking);
    let why = the_others_are_heard(&mut world, &shop, ("two", Some(scoped))).await;
    drop(panics);
    assert!(why.contains("panicked") && !why.contains("on purpose"), "{why}");
}

#[tokio::test]
async fn a_message_over_which_the_program_panics_is_put_aside_alone_on_sqlite() {
    a_message_over_which_it_panics_is_put_aside_alone(TestPlatform::start().await).await;
}

#[tokio::test]
async fn a_message_over_which_the_program_panics_is_put_aside_alone_on_postgres() {
    let store = SqlStore::connect(&new_database().await, Env::system()).await.expect("opens");
    let store = Arc::new(store) as Arc<dyn Store>;
    a_message_over_which_it_panics_is_put_aside_alone(TestPlatform::on(move |_| store).await).await;
}
