//! Two who change the same thing at once, on both databases: neither undoes the other, and neither waits for the other
//! while the other waits for him.

use std::sync::Arc;
use std::time::Duration;

use sqlx::{Connection as _, PgConnection};
use whatsapp_core::contact::ContactFilter;
use whatsapp_core::conversation::ConversationFilter;
use whatsapp_core::{
    Audience, Campaign, Contact, ContactSource, ConversationStatus, Counts, Env, Id, NewContact,
    PageRequest, Template, Variables,
};
use whatsapp_platform::testing::{Background, Part, TestPlatform, TestTenant};
use whatsapp_platform::workspace::{ContactPatch, NewCampaign};
use whatsapp_storage::sql::{LeaseClock, Options, SqlStore};
use whatsapp_storage::{Mode, Store, TenantTx};

use crate::open_world;
use crate::running::new_database;
use crate::sending::phone;

/// A platform on a PostgreSQL that the test looks into.
async fn on_postgres() -> (TestPlatform, Arc<SqlStore>, PgConnection) {
    let url = new_database().await;
    let options = Options { lease_clock: LeaseClock::Env, ..Options::default() };
    let store = SqlStore::connect_with(&url, Env::system(), options).await.expect("opens");
    let store = Arc::new(store);
    let given = Arc::clone(&store) as Arc<dyn Store>;
    let world = TestPlatform::on(move |_| given).await;
    (world, store, PgConnection::connect(&url).await.expect("PostgreSQL answers"))
}

/// Returns when a statement waits for a row that another unit holds.
async fn somebody_waits(db: &mut PgConnection) {
    let waits = async {
        let query = "select exists (select 1 from pg_stat_activity
            where datname = current_database() and wait_event_type = 'Lock')";
        while !sqlx::query_scalar::<_, bool>(query).fetch_one(&mut *db).await.expect("is told") {}
    };
    tokio::time::timeout(Duration::from_secs(20), waits).await.expect("somebody comes to wait");
}

/// Rows that are changed and not committed: whoever wants to change them waits.
async fn unit(store: &SqlStore, shop: &TestTenant) -> Box<dyn TenantTx> {
    store.tenant(shop.tenant, Mode::Write).await.expect("opens")
}

async fn ana(shop: &TestTenant) -> Contact {
    let new = NewContact::with_phone(phone(1)).named("Ana".to_owned());
    shop.workspace.contacts().upsert(new, ContactSource::Manual, None).await.expect("adds").0
}

#[tokio::test]
async fn an_edit_that_began_before_an_opt_out_was_committed_does_not_undo_it() {
    let (mut world, store, mut db) = on_postgres().await;
    let shop = world.tenant("Casa Aurora").await;
    let ana = ana(&shop).await;
    let mut held = unit(&store, &shop).await;
    let mut stops = held.contacts().hold(ana.id).await.expect("reads").expect("is there");
    stops.opted_out_at = Some(world.platform.env().now());
    assert!(held.contacts().update(&stops).await.expect("writes"));
    let workspace = shop.workspace.clone();
    let edit = tokio::spawn(async move {
        let patch = ContactPatch { name: Some(Some("Ana Souza".into())), ..Default::default() };
        workspace.contacts().update(ana.id, patch).await
    });
    somebody_waits(&mut db).await;
    held.commit().await.expect("commits");
    let edited = edit.await.expect("ends").expect("is written");
    let found = shop.workspace.contacts().find(ana.id).await.expect("finds");
    assert_eq!(
        (edited.name.as_deref(), found.name.as_deref()),
        (Some("Ana Souza"), Some("Ana Souza"))
    );
    assert!(!found.accepts_marketing(), "her wish holds");
}

#[tokio::test]
async fn an_opt_out_that_meta_tells_of_during_an_edit_does_not_undo_the_edit() {
    let (mut world, store, mut db) = on_postgres().await;
    let shop = world.tenant("Casa Aurora").await;
    world.customer(phone(1).as_str()).says("Hello").await;
    let contacts = shop.workspace.contacts();
    let page = contacts.page(ContactFilter::default(), PageRequest::default()).await;
    let ana = page.expect("reads").items.pop().expect("has written");
    let mut held = unit(&store, &shop).await;
    let mut edit = held.contacts().hold(ana.id).await.expect("reads").expect("is there");
    edit.rename(Some("Ana Souza".into()));
    assert!(held.contacts().update(&edit).await.expect("writes"));
    world.simulator.stop_marketing(phone(1).as_str(), true).expect("stops");
    world.clock.advance(whatsapp_core::Span::seconds(5));
    let calls = world.simulator.take_webhooks();
    assert!(!calls.is_empty(), "Meta tells");
    for call in calls {
        let kept = world.platform.deliver(Some(&call.signature), call.body.into()).await;
        kept.expect("is kept");
    }
    let platform = world.platform.clone();
    let applied = tokio::spawn(async move {
        let mut background = Background::default();
        background.turn(&platform, Part::Inbound).await
    });
    somebody_waits(&mut db).await;
    held.commit().await.expect("commits");
    assert!(applied.await.expect("ends").expect("is applied"));
    let found = shop.workspace.contacts().find(ana.id).await.expect("finds");
    assert_eq!(found.name.as_deref(), Some("Ana Souza"));
    assert!(!found.accepts_marketing(), "her wish holds");
}

/// Four who change one person at once, each something of his own, ten times: what he wrote stands until he writes again.
async fn nobodys_change_is_undone(mut world: TestPlatform) {
    let shop = world.tenant("Casa Aurora").await;
    let ana = ana(&shop).await.id;
    let writers: Vec<_> = (0..4)
        .map(|writer| {
            let workspace = shop.workspace.clone();
            tokio::spawn(async move {
                for n in 0..10 {
                    let patch = own(writer, n);
                    let mine = workspace.contacts().update(ana, patch).await.expect("is written");
                    let found = workspace.contacts().find(ana).await.expect("finds");
                    assert_eq!(said(writer, &mine), said(writer, &found), "change {n} of {writer}");
                }
            })
        })
        .collect();
    for writer in writers {
        writer.await.expect("each finds what is his");
    }
    let found = shop.workspace.contacts().find(ana).await.expect("finds");
    assert_eq!(
        (found.name.as_deref(), found.tags.as_slice()),
        (Some("Ana 9"), &["tag 9".to_owned()][..])
    );
    assert!(found.accepts_marketing(), "the last of ten says so");
    assert_eq!(found.fields.get("change").map(String::as_str), Some("9"));
}

/// What only this writer changes.
fn own(writer: usize, n: usize) -> ContactPatch {
    let mut patch = ContactPatch::default();
    match writer {
        0 => patch.opted_out = Some(n.is_multiple_of(2)),
        1 => patch.name = Some(Some(format!("Ana {n}"))),
        2 => patch.tags = Some(vec![format!("tag {n}")]),
        _ => patch.fields = Some([("change".to_owned(), n.to_string())].into()),
    }
    patch
}

fn said(writer: usize, contact: &Contact) -> String {
    match writer {
        0 => contact.accepts_marketing().to_string(),
        1 => contact.name.clone().unwrap_or_default(),
        2 => contact.tags.concat(),
        _ => contact.fields.values().cloned().collect(),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn forty_changes_of_one_person_by_four_all_hold_on_sqlite() {
    nobodys_change_is_undone(open_world().await.0).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn forty_changes_of_one_person_by_four_all_hold_on_postgres() {
    nobodys_change_is_undone(on_postgres().await.0).await;
}

/// A campaign to everybody who has written.
async fn to_all(shop: &TestTenant) -> Id<Campaign> {
    let contacts = shop.workspace.contacts();
    let people = contacts.page(ContactFilter::default(), PageRequest::first(200)).await;
    let contact_ids = people.expect("reads").items.into_iter().map(|contact| contact.id).collect();
    let templates = shop.workspace.templates();
    let templates = templates.page(Default::default(), PageRequest::default()).await;
    let simple =
        |t: &Template| t.may_send().is_ok() && t.variables().iter().all(|v| v.component == "body");
    let template = templates.expect("reads").items.into_iter().find(simple).expect("one is simple");
    let variables = template.variables().into_iter().map(|v| (v.key, "x".to_owned()));
    let new = NewCampaign {
        name: "All".into(),
        template: template.id,
        audience: Audience { contact_ids, ..Audience::default() },
        variables: Variables::from_pairs(variables),
        rate: None,
        rules: whatsapp_core::campaign::CampaignRules::default(),
        scheduled_at: None,
    };
    let id = shop.workspace.campaigns().create(new, None).await.expect("is drafted").campaign.id;
    shop.workspace.campaigns().start(id).await.expect("starts");
    id
}

/// Whoever applies webhooks holds conversations before he counts. So a pump that has counted must not wait for a
/// conversation: what it counts it writes last.
#[tokio::test]
async fn a_pump_that_waits_for_a_conversation_holds_no_campaign() {
    let (mut world, store, mut db) = on_postgres().await;
    let shop = world.tenant("Casa Aurora").await;
    for n in 0..24 {
        world.simulator.write(phone(n).as_str(), "Hello").expect("writes");
    }
    world.settle().await;
    let id = to_all(&shop).await;
    let mut first = Background::default();
    for part in Part::all() {
        while part != Part::Events && first.turn(&world.platform, part).await.expect("works") {}
    }
    // This pump is gone, and the next one counts what it left before it begins more.
    drop(first);
    let mut held = unit(&store, &shop).await;
    let filter = ConversationFilter::default();
    let talks = held.conversations().page(&filter, &PageRequest::first(200)).await.expect("reads");
    assert_eq!(talks.items.len(), 24);
    for talk in talks.items {
        let open = held.conversations().set_status(talk.id, ConversationStatus::Open).await;
        assert!(open.expect("writes"));
    }
    let platform = world.platform.clone();
    let pump = tokio::spawn(async move {
        let mut second = Background::default();
        second.turn(&platform, Part::Sending).await.map(|_| second)
    });
    somebody_waits(&mut db).await;
    let counts = held.campaigns().add_counts(id, &Counts::default()).await;
    counts.expect("nobody holds the campaign");
    held.commit().await.expect("commits");
    pump.await.expect("ends").expect("has its conversations");
    let campaign = shop.workspace.campaigns().find(id).await.expect("finds").campaign;
    assert!(
        campaign.counts.ambiguous > 0,
        "what the first one left was counted: {:?}",
        campaign.counts
    );
}
