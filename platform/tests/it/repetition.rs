//! A call that comes twice, or twenty times at once, has one effect.

use whatsapp_core::contact::ContactFilter;
use whatsapp_core::{ContactSource, NewContact, PageRequest};

use crate::{call, code, shop};

fn by_mail() -> NewContact {
    let mut new = NewContact::default().named("Ana");
    new.email = Some("ana@example.com".parse().expect("valid"));
    new
}

#[tokio::test]
async fn twenty_copies_of_one_call_make_one_contact_and_get_one_answer() {
    let (_world, shop) = shop().await;
    let copies = (0..20).map(|_| {
        let workspace = shop.workspace.clone();
        tokio::spawn(async move {
            let call = call("one-key", 1);
            workspace.contacts().upsert(by_mail(), ContactSource::Api, Some(&call)).await
        })
    });
    let mut ids = Vec::new();
    for copy in copies.collect::<Vec<_>>() {
        ids.push(copy.await.expect("ends").expect("is answered").0.id);
    }
    ids.dedup();
    assert_eq!(ids.len(), 1);
    let contacts = shop.workspace.contacts();
    let page = contacts.page(ContactFilter::default(), PageRequest::default());
    assert_eq!(page.await.expect("lists").items.len(), 1);
}

#[tokio::test]
async fn a_key_is_good_for_one_body_only() {
    let (_world, shop) = shop().await;
    let contacts = shop.workspace.contacts();
    let first = contacts.upsert(by_mail(), ContactSource::Api, Some(&call("k", 1))).await;
    first.expect("adds");
    let other = contacts.upsert(by_mail(), ContactSource::Api, Some(&call("k", 2))).await;
    assert_eq!(code(other), "IDEMPOTENCY_KEY_REUSED");
    let again = contacts.upsert(by_mail(), ContactSource::Api, Some(&call("another", 2))).await;
    assert!(again.expect("adds").1);
}

#[tokio::test]
async fn an_answer_is_kept_for_the_same_call_and_not_for_another() {
    let (_world, shop) = shop().await;
    let (platform, actor) = (shop.workspace.platform(), shop.workspace.actor());
    let first = call("k", 1);
    assert_eq!(platform.stored_answer(actor, &first).await.expect("looks"), None);
    let made = shop.workspace.contacts().upsert(by_mail(), ContactSource::Api, Some(&first)).await;
    made.expect("looking did not take the key");
    platform.keep_answer(actor, &first, 201, b"{}").await.expect("keeps");
    let kept = platform.stored_answer(actor, &first).await.expect("looks");
    assert_eq!(kept, Some((201, b"{}".to_vec())));
    let reused = platform.stored_answer(actor, &call("k", 2)).await;
    assert_eq!(code(reused), "IDEMPOTENCY_KEY_REUSED");
}

#[tokio::test]
async fn a_refused_call_leaves_its_key_free() {
    let (_world, shop) = shop().await;
    let contacts = shop.workspace.contacts();
    let key = call("k", 1);
    let refused = contacts.upsert(NewContact::default(), ContactSource::Api, Some(&key)).await;
    assert_eq!(code(refused), "CONTACT_WITHOUT_HANDLE");
    let done = contacts.upsert(by_mail(), ContactSource::Api, Some(&key)).await;
    assert!(done.expect("the key is free").1);
}
