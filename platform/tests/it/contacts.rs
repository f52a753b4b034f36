//! People and groups.

use whatsapp_core::contact::ContactFilter;
use whatsapp_core::{Contact, ContactSource, NewContact, PageRequest};
use whatsapp_platform::testing::TestTenant;
use whatsapp_platform::workspace::ContactPatch;

use crate::{code, shop};

const JOAO: &str = "+5511981234567";

fn joao() -> NewContact {
    NewContact::with_phone(JOAO.parse().expect("valid")).named("João Prado")
}

async fn add(shop: &TestTenant, new: NewContact) -> (Contact, bool) {
    let added = shop.workspace.contacts().upsert(new, ContactSource::Manual, None).await;
    added.expect("adds a person")
}

#[tokio::test]
async fn the_same_number_is_the_same_person() {
    let (_world, shop) = shop().await;
    let mut first = joao();
    first.tags = vec!["vip".into()];
    first.fields.insert("city".into(), "Santos".into());
    let (there, created) = add(&shop, first).await;
    assert!(created);
    let mut again = NewContact::with_phone(JOAO.parse().expect("valid")).named("  ");
    again.email = Some("joao@example.com".parse().expect("valid"));
    again.tags = vec!["new".into()];
    again.fields.insert("size".into(), "M".into());
    let (merged, created) = add(&shop, again).await;
    assert!(!created);
    assert_eq!(merged.id, there.id);
    assert_eq!(merged.name.as_deref(), Some("João Prado"), "a blank name says nothing");
    assert_eq!(merged.tags, ["new", "vip"]);
    assert_eq!(merged.fields.len(), 2);
    let read = shop.workspace.contacts().find(there.id).await.expect("finds");
    assert_eq!(read, merged);
}

#[tokio::test]
async fn who_writes_under_the_number_s_other_spelling_is_the_same_person() {
    let (mut world, shop) = shop().await;
    let (there, _) = add(&shop, joao()).await;
    world.customer("+551181234567").says("Oi!").await;
    world.settle().await;
    let people = shop.workspace.contacts().page(Default::default(), Default::default()).await;
    let people = people.expect("lists").items;
    assert_eq!(people.iter().map(|contact| contact.id).collect::<Vec<_>>(), [there.id]);
    let inbox = shop.workspace.conversations().page(Default::default(), Default::default()).await;
    assert_eq!(inbox.expect("lists").items.len(), 1);
}

#[tokio::test]
async fn a_person_is_found_by_the_beginning_of_a_word_and_the_end_of_the_number() {
    let (_world, shop) = shop().await;
    add(&shop, joao()).await;
    for (search, hits) in
        [("joao", 1), ("PRA", 1), ("4567", 1), ("JOÃO", 1), ("rado", 0), ("maria", 0)]
    {
        let filter = ContactFilter { search: Some(search.into()), ..ContactFilter::default() };
        let page = shop.workspace.contacts().page(filter, PageRequest::default()).await;
        assert_eq!(page.expect("lists").items.len(), hits, "{search}");
    }
}

#[tokio::test]
async fn a_change_keeps_what_it_does_not_name() {
    let (_world, shop) = shop().await;
    let (there, _) = add(&shop, joao()).await;
    let contacts = shop.workspace.contacts();
    let patch = ContactPatch { opted_out: Some(true), ..ContactPatch::default() };
    let changed = contacts.update(there.id, patch).await.expect("changes");
    assert!(!changed.accepts_marketing());
    assert_eq!(changed.name, there.name);
    let patch = ContactPatch { name: Some(None), ..ContactPatch::default() };
    let changed = contacts.update(there.id, patch).await.expect("changes");
    assert_eq!(changed.name, None);
    assert!(!changed.accepts_marketing());
    let nobody = ContactPatch { phone: Some(None), ..ContactPatch::default() };
    assert_eq!(code(contacts.update(there.id, nobody).await), "CONTACT_WITHOUT_HANDLE");
}

#[tokio::test]
async fn a_number_belongs_to_one_person() {
    let (_world, shop) = shop().await;
    add(&shop, joao()).await;
    let other = NewContact::with_phone("+5511980000000".parse().expect("valid"));
    let (other, _) = add(&shop, other).await;
    let patch =
        ContactPatch { phone: Some(Some(JOAO.parse().expect("valid"))), ..ContactPatch::default() };
    let contacts = shop.workspace.contacts();
    assert_eq!(code(contacts.update(other.id, patch).await), "PHONE_EXISTS");
    let read = contacts.find(other.id).await.expect("finds");
    assert_eq!(read.phone, other.phone);
}

#[tokio::test]
async fn a_deleted_person_is_gone_everywhere() {
    let (_world, shop) = shop().await;
    let (there, _) = add(&shop, joao()).await;
    let group = shop.workspace.groups().create("Regulars", "").await.expect("makes a group");
    shop.workspace.groups().add_members(group.id, &[there.id]).await.expect("adds");
    shop.workspace.contacts().delete(there.id).await.expect("deletes");
    assert_eq!(code(shop.workspace.contacts().find(there.id).await), "CONTACT_NOT_FOUND");
    assert_eq!(code(shop.workspace.contacts().delete(there.id).await), "CONTACT_NOT_FOUND");
    let group = shop.workspace.groups().find(group.id).await.expect("finds");
    assert_eq!(group.member_count, 0);
}

#[tokio::test]
async fn a_group_counts_its_people_once() {
    let (_world, shop) = shop().await;
    let (there, _) = add(&shop, joao()).await;
    let groups = shop.workspace.groups();
    let group = groups.create(" Regulars ", "come every week").await.expect("makes a group");
    assert_eq!(group.name, "Regulars");
    assert_eq!(groups.add_members(group.id, &[there.id, there.id]).await.expect("adds"), 1);
    assert_eq!(groups.add_members(group.id, &[there.id]).await.expect("adds"), 0);
    assert_eq!(groups.find(group.id).await.expect("finds").member_count, 1);
    let of = shop.workspace.contacts().groups_of(&[there.id]).await.expect("reads");
    assert_eq!(of[&there.id], [(group.id, "Regulars".to_owned())]);
    let filter = ContactFilter { group: Some(group.id), ..ContactFilter::default() };
    let page = shop.workspace.contacts().page(filter, PageRequest::default()).await;
    assert_eq!(page.expect("lists").items.len(), 1);
    assert_eq!(groups.remove_members(group.id, &[there.id]).await.expect("removes"), 1);
    assert_eq!(groups.find(group.id).await.expect("finds").member_count, 0);
}

#[tokio::test]
async fn names_of_groups_and_shortcuts_are_taken_once() {
    let (_world, shop) = shop().await;
    let groups = shop.workspace.groups();
    let group = groups.create("Regulars", "").await.expect("makes a group");
    assert_eq!(code(groups.create("Regulars", "").await), "GROUP_EXISTS");
    assert_eq!(code(groups.create("  ", "").await), "GROUP_FIELDS");
    let renamed = groups.update(group.id, Some("Friends"), None).await.expect("renames");
    assert_eq!(renamed.name, "Friends");
    groups.delete(group.id).await.expect("deletes");
    assert_eq!(code(groups.find(group.id).await), "GROUP_NOT_FOUND");

    let replies = shop.workspace.snippets();
    let hello = replies.create("hello", "Greeting", "Hello {{name}}!").await.expect("makes one");
    assert_eq!(code(replies.create("hello", "", "Hi").await), "SHORTCUT_EXISTS");
    assert_eq!(code(replies.create("two words", "", "Hi").await), "QUICK_REPLY");
    let changed = replies.update(hello.id, None, None, Some("Hi!")).await.expect("changes");
    assert_eq!((changed.shortcut.as_str(), changed.text.as_str()), ("hello", "Hi!"));
    replies.delete(hello.id).await.expect("deletes");
    assert!(replies.list().await.expect("lists").is_empty());
}
