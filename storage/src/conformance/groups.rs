//! Groups.

use whatsapp_core::{Group, PageRequest};

use super::Outcome;
use super::world::{NOW, World};

fn group(world: &World<'_>, name: &str) -> Group {
    Group {
        id: world.env.id(),
        name: name.to_owned(),
        description: "for tests".to_owned(),
        member_count: 0,
        created_at: NOW,
    }
}

pub(super) async fn the_count_of_members_is_kept(world: &World<'_>) -> Outcome {
    let shop = world.shop().await?;
    let (club, other) = (group(world, "Club"), world.contact("Bia"));
    let mut unit = world.write(shop.tenant).await?;
    unit.groups().insert(&club).await?;
    unit.contacts().insert(&other).await?;
    let people = [shop.contact.id, other.id, world.env.id()];
    assert_eq!(unit.groups().add_members(club.id, &people).await?, 2, "nobody was added");
    assert_eq!(unit.groups().add_members(club.id, &people).await?, 0, "somebody was added twice");
    let count = unit.groups().find(club.id).await?.map(|group| group.member_count);
    assert_eq!(count, Some(2));
    assert_eq!(unit.groups().remove_members(club.id, &[other.id]).await?, 1);
    assert_eq!(unit.groups().remove_members(club.id, &[other.id]).await?, 0);
    let count = unit.groups().find(club.id).await?.map(|group| group.member_count);
    assert_eq!(count, Some(1));
    assert_eq!(unit.groups().add_members(world.env.id(), &people).await?, 0, "no such group");
    Ok(())
}

pub(super) async fn a_name_is_taken_once(world: &World<'_>) -> Outcome {
    let tenant = world.tenant().await?;
    let (club, mut staff) = (group(world, "Clube São João"), group(world, "Staff"));
    let mut unit = world.write(tenant).await?;
    assert!(unit.groups().insert(&club).await?);
    assert!(unit.groups().insert(&staff).await?);
    let mut same = group(world, "Staff");
    assert!(!unit.groups().insert(&same).await?, "a name was taken twice");
    staff.name.clone_from(&club.name);
    assert!(!unit.groups().update(&staff).await?, "a name was changed into a taken one");
    same.name = "New".to_owned();
    assert!(!unit.groups().update(&same).await?, "a group that is not there was changed");
    staff.name = "Team".to_owned();
    assert!(unit.groups().update(&staff).await?);
    let page = unit.groups().page(Some("sao joao"), &PageRequest::default()).await?;
    assert_eq!(page.items, vec![club]);
    let page = unit.groups().page(None, &PageRequest::first(1)).await?;
    assert_eq!(page.items.len(), 1);
    let rest = unit.groups().page(None, &PageRequest::first(1).after(page.next)).await?;
    assert_eq!((rest.items.len(), rest.next), (1, None));
    Ok(())
}

pub(super) async fn a_deleted_group_leaves_its_members(world: &World<'_>) -> Outcome {
    let shop = world.shop().await?;
    let club = group(world, "Club");
    let mut unit = world.write(shop.tenant).await?;
    unit.groups().insert(&club).await?;
    unit.groups().add_members(club.id, &[shop.contact.id]).await?;
    assert!(unit.groups().delete(club.id).await?);
    assert!(!unit.groups().delete(club.id).await?, "deleted twice");
    assert!(unit.contacts().find(shop.contact.id).await?.is_some());
    assert!(unit.contacts().groups_of(shop.contact.id).await?.is_empty());
    Ok(())
}
