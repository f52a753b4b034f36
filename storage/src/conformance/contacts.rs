//! Contacts, searches and audiences.

use std::collections::BTreeMap;

use whatsapp_core::contact::ContactFilter;
use whatsapp_core::{Audience, Contact, Group, Id, Identity, PageRequest};

use super::Outcome;
use super::world::{NOW, World, later};
use crate::TenantTx;

pub(super) async fn a_contact_is_read_back_as_it_was_kept(world: &World<'_>) -> Outcome {
    let tenant = world.tenant().await?;
    let mut contact = world.contact("Ana Lúcia");
    contact.bsuid = Some("BR.123".to_owned());
    contact.email = "ana@example.com".parse().ok();
    contact.set_tags(vec!["vip".to_owned(), "nova".to_owned()]);
    contact.fields = BTreeMap::from([("city".to_owned(), "Goiânia".to_owned())]);
    contact.opted_out_at = Some(later(1));
    let mut unit = world.write(tenant).await?;
    assert!(unit.contacts().insert(&contact).await?);
    assert_eq!(unit.contacts().find(contact.id).await?.as_ref(), Some(&contact));
    assert_eq!(unit.contacts().hold(contact.id).await?.as_ref(), Some(&contact));
    contact.rename(Some("Ana".to_owned()));
    contact.tags.clear();
    contact.updated_at = later(2);
    assert!(unit.contacts().update(&contact).await?);
    assert_eq!(unit.contacts().many(&[contact.id]).await?, vec![contact.clone()]);
    let tagged = ContactFilter { tag: Some("vip".to_owned()), ..ContactFilter::default() };
    let page = unit.contacts().page(&tagged, &PageRequest::default()).await?;
    assert!(page.items.is_empty(), "a tag that was taken away still finds the person");
    Ok(())
}

pub(super) async fn a_handle_belongs_to_one_person(world: &World<'_>) -> Outcome {
    let tenant = world.tenant().await?;
    let (mut first, mut second) = (world.contact("First"), world.contact("Second"));
    first.bsuid = Some("BR.1".to_owned());
    let mut unit = world.write(tenant).await?;
    assert!(unit.contacts().insert(&first).await?);
    assert!(unit.contacts().insert(&second).await?);
    let mut third = world.contact("Third");
    third.phone.clone_from(&first.phone);
    assert!(!unit.contacts().insert(&third).await?, "one number, two people");
    second.bsuid = Some("BR.1".to_owned());
    assert!(!unit.contacts().update(&second).await?, "one business-scoped id, two people");
    second.bsuid = Some("BR.2".to_owned());
    assert!(unit.contacts().update(&second).await?, "a collision ended the unit");
    assert!(!unit.contacts().update(&world.contact("Nobody")).await?);
    unit.commit().await?;
    let other = world.tenant().await?;
    let mut unit = world.write(other).await?;
    assert!(unit.contacts().insert(&third).await?, "another tenant may know the same number");
    Ok(())
}

pub(super) async fn phone_wins_over_business_scoped_id(world: &World<'_>) -> Outcome {
    let tenant = world.tenant().await?;
    let (by_phone, mut by_id) = (world.contact("Phone"), world.contact("Id"));
    by_id.bsuid = Some("BR.9".to_owned());
    let mut unit = world.write(tenant).await?;
    unit.contacts().insert(&by_phone).await?;
    unit.contacts().insert(&by_id).await?;
    let both = Identity { phone: by_phone.phone.clone(), bsuid: by_id.bsuid.clone() };
    let only = Identity { phone: Some(world.phone()), bsuid: by_id.bsuid.clone() };
    let found = unit.contacts().by_identity(&both).await?;
    assert_eq!(found.map(|c| c.id), Some(by_phone.id));
    assert_eq!(unit.contacts().by_identity(&only).await?.map(|c| c.id), Some(by_id.id));
    assert_eq!(unit.contacts().by_identity(&Identity::default()).await?, None);
    Ok(())
}

pub(super) async fn many_are_found_as_each_would_be(world: &World<'_>) -> Outcome {
    let tenant = world.tenant().await?;
    let (by_phone, mut by_id) = (world.contact("Phone"), world.contact("Id"));
    let mut long = world.contact("With the ninth digit");
    long.phone = "+5511981234567".parse().ok();
    by_id.bsuid = Some("BR.9".to_owned());
    by_id.set_tags(vec!["vip".to_owned()]);
    let mut unit = world.write(tenant).await?;
    let kept =
        unit.contacts().insert_many(&[by_phone.clone(), by_id.clone(), long.clone()]).await?;
    assert_eq!(kept.len(), 3);
    assert_eq!(unit.contacts().find(by_id.id).await?, Some(by_id.clone()), "as it was kept");
    let tagged = ContactFilter { tag: Some("vip".to_owned()), ..ContactFilter::default() };
    assert_eq!(unit.contacts().page(&tagged, &PageRequest::default()).await?.items.len(), 1);
    let mut taken = world.contact("Somebody else");
    taken.phone.clone_from(&long.phone);
    let free = world.contact("Free");
    let kept = unit.contacts().insert_many(&[taken, free.clone()]).await?;
    assert_eq!(kept, vec![free.id], "a number that is taken stays its owner's");
    let phone = |phone: &Option<whatsapp_core::Phone>| phone.clone();
    let asked = [
        Identity { phone: phone(&by_phone.phone), bsuid: by_id.bsuid.clone() },
        Identity { phone: Some(world.phone()), bsuid: by_id.bsuid.clone() },
        Identity { phone: "+551181234567".parse().ok(), bsuid: None },
        Identity::default(),
        Identity { phone: None, bsuid: Some("BR.nobody".to_owned()) },
    ];
    let found = unit.contacts().by_identities(&asked).await?;
    let mut alone = Vec::new();
    for identity in &asked {
        alone.push(unit.contacts().by_identity(identity).await?);
    }
    assert_eq!(found, alone);
    let ids: Vec<_> = found.into_iter().map(|c| c.map(|c| c.id)).collect();
    assert_eq!(ids, [Some(by_phone.id), Some(by_id.id), Some(long.id), None, None]);
    assert!(unit.contacts().by_identities(&[]).await?.is_empty());
    assert!(unit.contacts().insert_many(&[]).await?.is_empty());
    Ok(())
}

pub(super) async fn a_number_has_one_owner_however_it_is_spelt(world: &World<'_>) -> Outcome {
    let tenant = world.tenant().await?;
    let mut unit = world.write(tenant).await?;
    let mut long = world.contact("With the ninth digit");
    long.phone = "+5511981234567".parse().ok();
    unit.contacts().insert(&long).await?;
    let short = Identity { phone: "+551181234567".parse().ok(), bsuid: None };
    assert_eq!(unit.contacts().by_identity(&short).await?.map(|c| c.id), Some(long.id));
    let mut exact = world.contact("Without it");
    exact.phone = short.phone.clone();
    unit.contacts().insert(&exact).await?;
    assert_eq!(unit.contacts().by_identity(&short).await?.map(|c| c.id), Some(exact.id));
    let mut known = world.contact("By id");
    known.bsuid = Some("BR.77".to_owned());
    unit.contacts().insert(&known).await?;
    let both = Identity { phone: "+5521981234567".parse().ok(), bsuid: known.bsuid.clone() };
    assert_eq!(unit.contacts().by_identity(&both).await?.map(|c| c.id), Some(known.id));
    Ok(())
}

pub(super) async fn keep(
    world: &World<'_>,
    unit: &mut Box<dyn TenantTx>,
    names: &[&str],
) -> Result<Vec<Contact>, crate::StorageError> {
    let mut kept = Vec::new();
    for name in names {
        let contact = world.contact(name);
        unit.contacts().insert(&contact).await?;
        kept.push(contact);
    }
    kept.sort_by_key(|contact| contact.id);
    Ok(kept)
}

pub(super) async fn pages_hold_every_contact_once(world: &World<'_>) -> Outcome {
    let tenant = world.tenant().await?;
    let mut unit = world.write(tenant).await?;
    let kept = keep(world, &mut unit, &["a", "b", "c", "d", "e"]).await?;
    let (mut seen, mut cursor) = (Vec::new(), None);
    loop {
        let request = PageRequest::first(2).after(cursor);
        let page = unit.contacts().page(&ContactFilter::default(), &request).await?;
        seen.extend(page.items.iter().map(|contact| contact.id));
        cursor = page.next;
        if cursor.is_none() {
            break;
        }
    }
    let newest_first: Vec<_> = kept.iter().rev().map(|contact| contact.id).collect();
    assert_eq!(seen, newest_first);
    Ok(())
}

fn group(world: &World<'_>, name: &str) -> Group {
    Group {
        id: world.env.id(),
        name: name.to_owned(),
        description: String::new(),
        member_count: 0,
        created_at: NOW,
    }
}

pub(super) async fn filters_narrow_the_list(world: &World<'_>) -> Outcome {
    let tenant = world.tenant().await?;
    let mut unit = world.write(tenant).await?;
    let kept = keep(world, &mut unit, &["a", "b", "c"]).await?;
    let Some((first, rest)) = kept.split_first() else { return Ok(()) };
    let club = group(world, "Club");
    unit.groups().insert(&club).await?;
    let rest: Vec<_> = rest.iter().map(|contact| contact.id).collect();
    assert_eq!(unit.groups().add_members(club.id, &rest).await?, 2);
    let filter = ContactFilter { group: Some(club.id), ..ContactFilter::default() };
    let page = unit.contacts().page(&filter, &PageRequest::default()).await?;
    assert_eq!(page.items.len(), 2);
    assert!(page.items.iter().all(|contact| contact.id != first.id));
    let names = unit.contacts().groups_of(page.items.first().map_or(first.id, |c| c.id)).await?;
    assert_eq!(names, vec![(club.id, "Club".to_owned())]);
    Ok(())
}

pub(super) async fn a_deleted_contact_takes_its_conversations(world: &World<'_>) -> Outcome {
    let shop = world.shop().await?;
    let message = world.message(&shop, "hello", NOW);
    let club = group(world, "Club");
    let mut unit = world.write(shop.tenant).await?;
    unit.messages().insert(&message).await?;
    unit.groups().insert(&club).await?;
    unit.groups().add_members(club.id, &[shop.contact.id]).await?;
    assert!(unit.contacts().delete(shop.contact.id).await?);
    assert!(!unit.contacts().delete(shop.contact.id).await?, "deleted twice");
    assert_eq!(unit.conversations().find(shop.conversation.id).await?, None);
    assert_eq!(unit.messages().find(message.id).await?, None);
    let count = unit.groups().find(club.id).await?.map(|group| group.member_count);
    assert_eq!(count, Some(0), "the group still counts a deleted person");
    Ok(())
}

pub(super) async fn an_audience_holds_each_person_once_in_order(world: &World<'_>) -> Outcome {
    let tenant = world.tenant().await?;
    let mut unit = world.write(tenant).await?;
    let mut kept = keep(world, &mut unit, &["a", "b", "c", "d", "stranger"]).await?;
    let stranger = kept.pop();
    for contact in &mut kept {
        contact.set_tags(vec!["vip".to_owned(), "other".to_owned()]);
        unit.contacts().update(contact).await?;
    }
    let club = group(world, "Club");
    unit.groups().insert(&club).await?;
    let ids: Vec<Id<Contact>> = kept.iter().map(|contact| contact.id).collect();
    unit.groups().add_members(club.id, ids.get(..2).unwrap_or_default()).await?;
    let audience = Audience {
        group_ids: vec![club.id, world.env.id()],
        contact_ids: vec![*ids.last().unwrap_or(&world.env.id()), world.env.id()],
        phones: Vec::new(),
        tags: vec!["vip".to_owned(), "other".to_owned()],
    };
    let people = unit.contacts().audience(&audience, None, 100).await?;
    let found: Vec<_> = people.iter().map(|contact| contact.id).collect();
    assert_eq!(found, ids, "the union holds each person once, by id");
    assert!(stranger.is_none_or(|s| !found.contains(&s.id)));
    Ok(())
}

pub(super) async fn an_audience_is_walked_in_steps(world: &World<'_>) -> Outcome {
    let tenant = world.tenant().await?;
    let mut unit = world.write(tenant).await?;
    let names: Vec<String> = (0..7).map(|n| n.to_string()).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let kept = keep(world, &mut unit, &names).await?;
    let club = group(world, "Club");
    unit.groups().insert(&club).await?;
    let ids: Vec<_> = kept.iter().map(|contact| contact.id).collect();
    let (some, rest) = ids.split_at(3);
    unit.groups().add_members(club.id, some).await?;
    let audience =
        Audience { group_ids: vec![club.id], contact_ids: rest.to_vec(), ..Audience::default() };
    let (mut seen, mut after) = (Vec::new(), None);
    loop {
        let step = unit.contacts().audience(&audience, after, 2).await?;
        let Some(last) = step.last() else { break };
        after = Some(last.id);
        seen.extend(step.iter().map(|contact| contact.id));
    }
    assert_eq!(seen, ids);
    Ok(())
}
