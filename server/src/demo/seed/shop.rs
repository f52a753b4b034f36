//! Fills one shop in one transaction: all of it, or, when the start is killed, nothing.

use std::sync::Arc;

use whatsapp_core::{Channel, Contact, Group, Id, Member, Snippet, Tenant, Timestamp};
use whatsapp_platform::Platform;
use whatsapp_storage::{Mode, Store, TenantTx};

use super::chance::Chance;
use super::talks::{Cast, Files};
use super::texts::{GROUPS, QUICK_REPLIES, Shop};
use super::{SeedError, people, pictures, talks};

/// How many people the first campaign reaches.
const AUDIENCE: usize = 200;

pub(super) async fn fill(
    platform: &Platform,
    store: &Arc<dyn Store>,
    tenant: Id<Tenant>,
    channel: &Channel,
    shop: &Shop,
) -> Result<(), SeedError> {
    let desk = platform.system_workspace(tenant);
    let found = desk.groups().page(Some(shop.group), whatsapp_core::PageRequest::first(10)).await?;
    if found.items.iter().any(|group| group.name == shop.group) {
        return Ok(());
    }
    let now = platform.env().now();
    let chance = Chance::new(shop.seed);
    let folk = people::make(shop.people, &chance, now)?;
    let cast = Cast {
        now,
        channel: channel.id,
        team: desk.members().list().await?.into_iter().map(|member: Member| member.user).collect(),
        templates: desk
            .templates()
            .page(approved(), whatsapp_core::PageRequest::first(50))
            .await?
            .items,
        files: files(platform, tenant).await?,
    };
    let mut tx = store.tenant(tenant, Mode::Write).await?;
    for contact in &folk {
        tx.contacts().insert(contact).await?;
    }
    groups(&mut *tx, shop, &chance, &folk, now).await?;
    for (shortcut, title, text) in QUICK_REPLIES {
        let snippet = Snippet {
            id: chance.id(now),
            shortcut: shortcut.into(),
            title: title.into(),
            text: text.into(),
            created_at: now,
        };
        tx.snippets().insert(&snippet).await?;
    }
    talks::all(&mut *tx, shop.talks, &chance, &folk, &cast).await?;
    tx.commit().await?;
    Ok(())
}

fn approved() -> whatsapp_storage::repo::TemplateFilter {
    whatsapp_storage::repo::TemplateFilter {
        status: Some(whatsapp_core::TemplateStatus::Approved),
        ..whatsapp_storage::repo::TemplateFilter::default()
    }
}

async fn files(platform: &Platform, tenant: Id<Tenant>) -> Result<Files, SeedError> {
    let desk = platform.system_workspace(tenant);
    let mut pictures = Vec::new();
    for hue in [20, 90, 160, 230] {
        let bytes = pictures::picture(hue).into();
        pictures.push(desk.media().store("box.png", "image/png", bytes).await?);
    }
    let bytes = pictures::document("Your order, with thanks").into();
    let document = desk.media().store("order.pdf", "application/pdf", bytes).await?;
    Ok(Files { pictures, document })
}

async fn groups(
    tx: &mut dyn TenantTx,
    shop: &Shop,
    chance: &Chance,
    folk: &[Contact],
    now: Timestamp,
) -> Result<(), SeedError> {
    // The people of the campaign's group want its messages.
    let willing = folk.iter().filter(|contact| contact.accepts_marketing());
    let audience: Vec<_> = willing.take(AUDIENCE).map(|contact| contact.id).collect();
    group(tx, chance, (shop.group, "Ordered in the last season"), &audience, now).await?;
    for (name, about, share) in GROUPS {
        let members: Vec<_> =
            folk.iter().filter(|_| chance.below(100) < share).map(|c| c.id).collect();
        group(tx, chance, (name, about), &members, now).await?;
    }
    Ok(())
}

async fn group(
    tx: &mut dyn TenantTx,
    chance: &Chance,
    (name, description): (&str, &str),
    members: &[Id<Contact>],
    now: Timestamp,
) -> Result<(), SeedError> {
    let group = Group {
        id: chance.id(now),
        name: name.into(),
        description: description.into(),
        member_count: 0,
        created_at: now,
    };
    tx.groups().insert(&group).await?;
    tx.groups().add_members(group.id, members).await?;
    Ok(())
}
