//! Pages of lists: complete, without doubles, and only by cursors of ours.

use std::collections::BTreeSet;

use serde_json::json;

use crate::requests::Ask;
use crate::world::World;

#[tokio::test(flavor = "multi_thread")]
async fn walking_a_list_meets_everybody_once_even_when_somebody_comes_in_between() {
    walk(World::new().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn walking_a_list_meets_everybody_once_on_postgresql_as_well() {
    walk(World::on_postgres().await).await;
}

async fn walk(world: World) {
    for n in 0..23 {
        world.contact(&format!("+55119000{n:05}")).await;
    }
    let (mut seen, mut cursor, mut pages) = (BTreeSet::new(), String::new(), 0);
    loop {
        let path = format!("/api/v1/contacts?limit=5&cursor={cursor}");
        let page = Ask::get(path).key(&world.key).send(&world.app).await.expect(200).json();
        for contact in page["data"].as_array().expect("a list") {
            assert!(seen.insert(contact["id"].as_str().expect("an id").to_owned()), "met twice");
        }
        pages += 1;
        world.contact(&format!("+55118000{pages:05}")).await;
        match page["next_cursor"].as_str() {
            Some(next) => next.clone_into(&mut cursor),
            None => break,
        }
    }
    assert!(seen.len() >= 23, "{}", seen.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cursor_of_another_list_another_shop_or_nobody_is_refused() {
    let world = World::new().await;
    for n in 0..3 {
        world.contact(&format!("+55119000{n:05}")).await;
    }
    let page = Ask::get("/api/v1/contacts?limit=1").key(&world.key).send(&world.app).await.json();
    let cursor = page["next_cursor"].as_str().expect("another page").to_owned();
    let refused = (400, "INVALID_CURSOR".to_owned());
    let other_list = format!("/api/v1/campaigns?cursor={cursor}");
    assert_eq!(Ask::get(other_list).key(&world.key).send(&world.app).await.verdict(), refused);
    let same_list = format!("/api/console/contacts?cursor={cursor}");
    assert_eq!(
        Ask::get(same_list).cookie(&world.stranger).send(&world.app).await.verdict(),
        refused
    );
    assert_eq!(
        Ask::get("/api/v1/contacts?cursor=abc").key(&world.key).send(&world.app).await.verdict(),
        refused
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_query_is_refused_with_its_field() {
    let world = World::new().await;
    for (query, code, field) in [
        ("limit=0", "INVALID_QUERY", "limit"),
        ("limit=201", "INVALID_QUERY", "limit"),
        ("limit=many", "INVALID_QUERY", "limit"),
        ("order=name", "UNKNOWN_FIELD", "order"),
        ("group_id=con_1", "INVALID_QUERY", "group_id"),
        ("search=%00", "INVALID_QUERY", "query"),
    ] {
        let answer =
            Ask::get(format!("/api/v1/contacts?{query}")).key(&world.key).send(&world.app).await;
        assert_eq!(answer.verdict(), (400, code.to_owned()), "{query}: {}", answer.text());
        assert_eq!(answer.json()["details"][0]["field"], field, "{query}");
    }
    let states =
        Ask::get("/api/v1/campaigns?status=running").key(&world.key).send(&world.app).await;
    assert_eq!(states.verdict(), (400, "INVALID_QUERY".into()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_shows_only_the_own_shop() {
    let world = World::new().await;
    world.contact("+5511900000001").await;
    for path in [
        "/api/console/contacts",
        "/api/console/groups",
        "/api/console/campaigns",
        "/api/console/conversations",
    ] {
        let list = Ask::get(path).cookie(&world.stranger).send(&world.app).await.expect(200).json();
        assert_eq!(list, json!({ "data": [], "next_cursor": null }), "{path}");
    }
}
