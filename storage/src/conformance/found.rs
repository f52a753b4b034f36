//! Searches: who is found by what somebody types.

use whatsapp_core::contact::ContactFilter;
use whatsapp_core::conversation::ConversationFilter;
use whatsapp_core::{ConversationStatus, Group, PageRequest};

use super::Outcome;
use super::contacts::keep;
use super::world::{NOW, World, later};
use crate::{StorageError, TenantTx};

fn typed(search: &str) -> ContactFilter {
    ContactFilter { search: Some(search.to_owned()), ..ContactFilter::default() }
}

async fn found(unit: &mut Box<dyn TenantTx>, search: &str) -> Result<Vec<String>, StorageError> {
    let page = unit.contacts().page(&typed(search), &PageRequest::default()).await?;
    Ok(page.items.into_iter().filter_map(|contact| contact.name).collect())
}

pub(super) async fn words_are_found_by_their_beginning_without_case_and_accents(
    world: &World<'_>,
) -> Outcome {
    let tenant = world.tenant().await?;
    let mut unit = world.write(tenant).await?;
    keep(world, &mut unit, &["João d'Ávila-Prado", "Maria", "王小明"]).await?;
    for search in ["JOAO", "joã", "avi", "d'Á", "prado", "Ávila-Pra"] {
        assert_eq!(found(&mut unit, search).await?, ["João d'Ávila-Prado"], "{search}");
    }
    for search in ["王小", "小明"] {
        assert_eq!(found(&mut unit, search).await?, ["王小明"], "{search}");
    }
    for search in ["oao", "aria", "x"] {
        assert!(found(&mut unit, search).await?.is_empty(), "{search} begins no word");
    }
    assert_eq!(found(&mut unit, "  ").await?.len(), 3, "a blank search finds everybody");
    let mut writer = world.contact("By address");
    writer.email = "ana.lucia@example.com".parse().ok();
    assert!(unit.contacts().insert(&writer).await?);
    for search in ["ana.l", "lucia", "ANA.LUCIA@exam", "example.com"] {
        assert_eq!(found(&mut unit, search).await?, ["By address"], "{search}");
    }
    Ok(())
}

pub(super) async fn numbers_are_found_by_their_front_and_their_end(world: &World<'_>) -> Outcome {
    let tenant = world.tenant().await?;
    let mut unit = world.write(tenant).await?;
    for (name, phone) in [("Ana", "+5511981234567"), ("Bia", "+447911123456")] {
        let mut contact = world.contact(name);
        contact.phone = phone.parse().ok();
        assert!(unit.contacts().insert(&contact).await?);
    }
    for search in [
        "5511",
        "+55 11 98",
        "0055119812",
        "4567",
        "567",
        "(11) 98123-4567",
        "011 98123-4567",
        "+55 (11) 98123-4567",
    ] {
        assert_eq!(found(&mut unit, search).await?, ["Ana"], "{search}");
    }
    assert_eq!(found(&mut unit, "07911 123456").await?, ["Bia"], "as it is written at home");
    for search in ["8123", "67", "5567"] {
        assert!(
            found(&mut unit, search).await?.is_empty(),
            "{search} is in the middle of a number"
        );
    }
    Ok(())
}

pub(super) async fn nothing_typed_is_special_in_a_search(world: &World<'_>) -> Outcome {
    let tenant = world.tenant().await?;
    let mut unit = world.write(tenant).await?;
    let names = ["100% tea", "under_score", r"back\slash", "it's", "<1"];
    keep(world, &mut unit, &names).await?;
    for (search, name) in [
        ("100%", "100% tea"),
        ("under_s", "under_score"),
        (r"back\sl", r"back\slash"),
        ("it's", "it's"),
    ] {
        assert_eq!(found(&mut unit, search).await?, [name], "{search}");
    }
    for search in ["1%a", "un_er", "b%", "under%score%tea"] {
        let all = found(&mut unit, search).await?;
        assert!(all.is_empty() || search == "b%" && all == [r"back\slash"], "{search}: {all:?}");
    }
    assert_eq!(found(&mut unit, "%").await?.len(), names.len(), "signs alone narrow nothing");
    Ok(())
}

pub(super) async fn every_word_must_be_found(world: &World<'_>) -> Outcome {
    let tenant = world.tenant().await?;
    let mut unit = world.write(tenant).await?;
    let mut ana = world.contact("Ana Lima");
    ana.phone = "+5511981234567".parse().ok();
    ana.email = "lima@example.com".parse().ok();
    assert!(unit.contacts().insert(&ana).await?);
    keep(world, &mut unit, &["Ana Costa", "Lima Anabel"]).await?;
    let mut both = found(&mut unit, "li an").await?;
    both.sort();
    assert_eq!(both, ["Ana Lima", "Lima Anabel"]);
    for search in ["ana 4567", "lima 5511981", "lima@example ana", "4567 ana lima"] {
        assert_eq!(found(&mut unit, search).await?, ["Ana Lima"], "{search}");
    }
    assert!(found(&mut unit, "ana bruno").await?.is_empty());
    Ok(())
}

pub(super) async fn found_people_are_walked_in_pages(world: &World<'_>) -> Outcome {
    let tenant = world.tenant().await?;
    let mut unit = world.write(tenant).await?;
    let kept =
        keep(world, &mut unit, &["Ana Ann", "Bia", "Anabel", "Ana", "Carl Anton", "An An"]).await?;
    let (mut seen, mut cursor) = (Vec::new(), None);
    loop {
        let request = PageRequest::first(2).after(cursor);
        let page = unit.contacts().page(&typed("an"), &request).await?;
        seen.extend(page.items);
        cursor = page.next;
        if cursor.is_none() {
            break;
        }
    }
    let mut all = kept;
    all.retain(|contact| contact.name.as_deref() != Some("Bia"));
    all.reverse();
    assert_eq!(seen, all, "newest first, each once");
    Ok(())
}

pub(super) async fn what_somebody_was_called_finds_nobody(world: &World<'_>) -> Outcome {
    let tenant = world.tenant().await?;
    let mut unit = world.write(tenant).await?;
    let mut contact = world.contact("Ana Old");
    contact.phone = "+5511981234567".parse().ok();
    unit.contacts().insert(&contact).await?;
    contact.rename(Some("Ana New".to_owned()));
    contact.phone = "+447911123456".parse().ok();
    contact.updated_at = later(1);
    assert!(unit.contacts().update(&contact).await?);
    for search in ["ana", "new", "447911", "3456"] {
        assert_eq!(found(&mut unit, search).await?, ["Ana New"], "{search}");
    }
    for search in ["old", "5511", "4567"] {
        assert!(found(&mut unit, search).await?.is_empty(), "{search} is not true any more");
    }
    assert!(unit.contacts().delete(contact.id).await?);
    assert!(found(&mut unit, "ana").await?.is_empty());
    let again = world.contact("Ana New");
    let kept = unit.contacts().insert_many(std::slice::from_ref(&again)).await?;
    assert_eq!(kept, [again.id]);
    assert_eq!(found(&mut unit, "new").await?, ["Ana New"], "of many written at once too");
    Ok(())
}

pub(super) async fn nobody_finds_another_tenants_people(world: &World<'_>) -> Outcome {
    let (one, other) = (world.tenant().await?, world.tenant().await?);
    let mut ana = world.contact("Ana One");
    ana.phone = "+5511981234567".parse().ok();
    let mut unit = world.write(one).await?;
    unit.contacts().insert(&ana).await?;
    unit.commit().await?;
    let mut theirs = world.contact("Ana Other");
    theirs.phone.clone_from(&ana.phone);
    let mut unit = world.write(other).await?;
    unit.contacts().insert(&theirs).await?;
    for search in ["ana", "5511", "4567", "ana 4567"] {
        assert_eq!(found(&mut unit, search).await?, ["Ana Other"], "{search}");
    }
    assert!(found(&mut unit, "one").await?.is_empty());
    Ok(())
}

pub(super) async fn a_search_is_narrowed_as_the_list_is(world: &World<'_>) -> Outcome {
    let tenant = world.tenant().await?;
    let mut unit = world.write(tenant).await?;
    let mut kept = keep(world, &mut unit, &["Ana", "Anabel", "Bia"]).await?;
    let Some(first) = kept.first_mut() else { return Ok(()) };
    first.set_tags(vec!["vip".to_owned()]);
    unit.contacts().update(first).await?;
    let club = Group {
        id: world.env.id(),
        name: "Club".to_owned(),
        description: String::new(),
        member_count: 0,
        created_at: NOW,
    };
    unit.groups().insert(&club).await?;
    unit.groups().add_members(club.id, &[first.id]).await?;
    let name = first.name.clone().unwrap_or_default();
    for filter in [
        ContactFilter { tag: Some("vip".to_owned()), ..typed(&name) },
        ContactFilter { group: Some(club.id), ..typed(&name) },
    ] {
        let page = unit.contacts().page(&filter, &PageRequest::default()).await?;
        assert_eq!(page.items.iter().map(|c| c.id).collect::<Vec<_>>(), [first.id]);
    }
    let other = ContactFilter { tag: Some("other".to_owned()), ..typed(&name) };
    assert!(unit.contacts().page(&other, &PageRequest::default()).await?.items.is_empty());
    Ok(())
}

pub(super) async fn conversations_are_found_by_their_people(world: &World<'_>) -> Outcome {
    let shop = world.shop().await?;
    let mut unit = world.write(shop.tenant).await?;
    let mut all = Vec::new();
    for (n, name) in (1_i64..).zip(["Zoe", "Zora", "Bia", "Zorro"]) {
        let contact = world.contact(name);
        unit.contacts().insert(&contact).await?;
        let mut conversation = world.conversation(&shop.channel, &contact);
        conversation.last_message_at = later(n);
        unit.conversations().open_with(&conversation).await?;
        all.push(conversation.id);
    }
    let [zoe, zora, _, zorro] = all.as_slice() else { return Ok(()) };
    let filter =
        ConversationFilter { search: Some("zo".to_owned()), ..ConversationFilter::default() };
    let first = unit.conversations().page(&filter, &PageRequest::first(2)).await?;
    assert_eq!(first.items.iter().map(|c| c.id).collect::<Vec<_>>(), [*zorro, *zora]);
    let rest = unit.conversations().page(&filter, &PageRequest::first(2).after(first.next)).await?;
    assert_eq!(rest.items.iter().map(|c| c.id).collect::<Vec<_>>(), [*zoe]);
    assert_eq!(rest.next, None);
    unit.conversations().set_status(*zoe, ConversationStatus::Resolved).await?;
    let resolved = ConversationFilter { status: Some(ConversationStatus::Resolved), ..filter };
    let found = unit.conversations().page(&resolved, &PageRequest::default()).await?;
    assert_eq!(found.items.iter().map(|c| c.id).collect::<Vec<_>>(), [*zoe]);
    Ok(())
}
