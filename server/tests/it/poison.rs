//! A call of Meta's that can never be applied: it is put aside alone, the others are not held up, and when its cause is
//! gone it is applied like any other.

use sqlx::{Connection as _, Executor as _, PgConnection, SqliteConnection};
use whatsapp_core::Span;
use whatsapp_core::event::{JournalFilter, JournalOutcome};
use whatsapp_platform::JournalQuery;

use crate::requests::Ask;
use crate::world::{World, new_database};

/// The customers' messages reach the server, and what follows happens.
async fn bring(world: &mut World) {
    world.test.clock.advance(Span::seconds(1));
    for call in world.test.simulator.take_webhooks() {
        let ask = Ask::new("POST", "/api/webhooks/whatsapp").raw(call.body);
        let ask = ask.header("x-hub-signature-256", &call.signature);
        ask.send(&world.app).await.expect(200);
    }
    world.test.settle().await;
}

async fn heard(world: &World) -> usize {
    let path = "/api/console/conversations";
    let found = Ask::get(path).cookie(&world.owner).send(&world.app).await.expect(200);
    found.json()["data"].as_array().map_or(0, Vec::len)
}

async fn judge(mut world: World, cure: impl AsyncFnOnce()) {
    for (who, text) in
        [("+5511900000001", "one"), ("+5511900000002", "poison"), ("+5511900000003", "three")]
    {
        world.test.simulator.write(who, text).expect("writes");
    }
    bring(&mut world).await;
    assert_eq!(heard(&world).await, 2, "the others are there at once");
    for _ in 0..12 {
        world.test.clock.advance(Span::minutes(4));
        world.test.settle().await;
    }
    let filter =
        JournalFilter { outcome: Some(JournalOutcome::Quarantined), ..JournalFilter::default() };
    let aside = JournalQuery { filter, ..JournalQuery::default() };
    let journal = world.test.platform.clone();
    assert_eq!(journal.journal().list(&aside, 10).await.expect("lists").len(), 1);
    cure().await;
    assert_eq!(journal.journal().replay(&aside).await.expect("replays"), 1);
    world.test.settle().await;
    assert_eq!(heard(&world).await, 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn on_sqlite_a_call_that_can_never_be_applied_is_put_aside_alone() {
    let folder = tempfile::tempdir().expect("a folder");
    let url = format!("sqlite:{}", folder.path().join("store.db").display());
    let world = World::over(url.clone()).await;
    let mut raw = SqliteConnection::connect(&url).await.expect("opens");
    let poison = "create trigger poison before insert on messages when new.content like '%poison%'
        begin select raise(abort, 'cannot be kept'); end";
    raw.execute(poison).await.expect("is made");
    judge(world, async move || {
        raw.execute("drop trigger poison").await.expect("is dropped");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn on_postgresql_a_call_that_can_never_be_applied_is_put_aside_alone() {
    let url = new_database().await;
    let world = World::over(url.clone()).await;
    let mut raw = PgConnection::connect(&url).await.expect("opens");
    let poison = "create function poison() returns trigger language plpgsql as $$ begin
            raise exception 'cannot be kept'; end $$;
        create trigger poison before insert on messages for each row
            when (new.content::text like '%poison%') execute function poison()";
    raw.execute(poison).await.expect("is made");
    judge(world, async move || {
        raw.execute("drop trigger poison on messages").await.expect("is dropped");
    })
    .await;
}

/// As after a step back to a version that does not know a word which the one after it wrote.
#[tokio::test(flavor = "multi_thread")]
async fn a_number_that_cannot_be_read_holds_up_nobody_else() {
    let folder = tempfile::tempdir().expect("a folder");
    let url = format!("sqlite:{}", folder.path().join("store.db").display());
    let mut world = World::over(url.clone()).await;
    let mut raw = SqliteConnection::connect(&url).await.expect("opens");
    let channel = world.second.channel;
    let second = world.second.workspace.channels().find(channel).await.expect("a number");
    let write = async |raw: &mut SqliteConnection, state: &str| {
        let change = sqlx::query("update channels set state = $1 where id = $2");
        let change = change.bind(state.to_owned()).bind(channel.uuid());
        change.execute(raw).await.expect("is written");
    };
    write(&mut raw, "a state of tomorrow").await;
    let act = serde_json::json!({"from": "+5511900000001", "type": "text", "text": {"body": "hello"},
        "phone_number_id": second.phone_number_id});
    world.test.simulator.inbound(act).expect("writes");
    world.test.simulator.write("+5511900000002", "good day").expect("writes");
    bring(&mut world).await;
    assert_eq!(heard(&world).await, 1, "the other number's customer is heard at once");
    let query = "select count(*) from conversations where channel_id = $1";
    let count = sqlx::query_scalar::<_, i64>(query).bind(channel.uuid());
    assert_eq!(count.fetch_one(&mut raw).await.expect("counts"), 0);
    write(&mut raw, "connected").await;
    world.test.clock.advance(Span::minutes(1));
    world.test.settle().await;
    let count = sqlx::query_scalar::<_, i64>(query).bind(channel.uuid());
    assert_eq!(count.fetch_one(&mut raw).await.expect("counts"), 1, "and then this one's");
}
