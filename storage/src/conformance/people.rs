//! People who sign in, members, sessions, keys.

use whatsapp_core::tenant::TenantState;
use whatsapp_core::{ApiKey, Grants, Id, Member, Permission, Role, Secret, Session, Tenant, User};

use super::Outcome;
use super::world::{NOW, World, later};
use crate::StorageError;

fn user(world: &World<'_>) -> Result<User, StorageError> {
    let email = format!("p{}@example.com", world.env.uuid().simple());
    Ok(User {
        id: world.env.id(),
        email: email.parse().map_err(|_| StorageError::corrupt("made-up address"))?,
        name: "Ana".to_owned(),
        password_hash: Secret::from("$argon2id$"),
        is_superadmin: false,
        locale: Some("pt-BR".to_owned()),
        theme: "dark".to_owned(),
        created_at: NOW,
    })
}

fn member(user: &User) -> Member {
    Member {
        user: user.id,
        name: user.name.clone(),
        email: user.email.clone(),
        role: Role::Member,
        grants: Grants::of_role(Role::Member),
        created_at: NOW,
    }
}

fn session(world: &World<'_>, user: &User, tenant: Option<Id<Tenant>>) -> Session {
    Session {
        id: world.env.id(),
        token_hash: world.env.bytes(),
        user: user.id,
        tenant,
        created_at: NOW,
        last_seen_at: NOW,
    }
}

pub(super) async fn an_address_belongs_to_one_person(world: &World<'_>) -> Outcome {
    let (mut ana, mut bia) = (user(world)?, user(world)?);
    let mut system = world.system().await?;
    assert!(system.users().insert(&ana).await?);
    assert!(system.users().any().await?);
    let mut twin = user(world)?;
    twin.email = ana.email.clone();
    assert!(!system.users().insert(&twin).await?, "an address was taken twice");
    assert!(system.users().insert(&bia).await?);
    bia.email = ana.email.clone();
    assert!(!system.users().update(&bia).await?, "an address was changed into a taken one");
    ana.is_superadmin = true;
    ana.locale = None;
    assert!(system.users().update(&ana).await?);
    let found = system.users().by_email(&ana.email).await?;
    let seen = found.map(|u| (u.id, u.is_superadmin, u.locale, u.theme));
    assert_eq!(seen, Some((ana.id, true, None, "dark".to_owned())));
    let found = system.users().find(ana.id).await?.map(|u| u.password_hash);
    assert_eq!(found, Some(ana.password_hash));
    Ok(())
}

pub(super) async fn membership_leads_to_the_tenant(world: &World<'_>) -> Outcome {
    let (one, two) = (world.tenant().await?, world.tenant().await?);
    let ana = user(world)?;
    let mut system = world.system().await?;
    system.users().insert(&ana).await?;
    system.commit().await?;
    for (tenant, at) in [(one, later(1)), (two, NOW)] {
        let mut unit = world.write(tenant).await?;
        let member = Member { created_at: at, ..member(&ana) };
        assert!(unit.members().insert(&member).await?);
        assert!(!unit.members().insert(&member).await?, "somebody is in the team twice");
        let changed = Member { role: Role::Admin, grants: Grants::of_role(Role::Admin), ..member };
        assert!(unit.members().update(&changed).await?);
        let found = unit.members().find(ana.id).await?;
        let seen = found.map(|m| (m.role, m.grants, m.name));
        assert_eq!(seen, Some((Role::Admin, changed.grants, ana.name.clone())));
        assert_eq!(unit.members().list().await?.len(), 1);
        unit.commit().await?;
    }
    let mut system = world.system().await?;
    let tenants: Vec<_> =
        system.users().memberships(ana.id).await?.into_iter().map(|(t, _)| t.id).collect();
    assert_eq!(tenants, [two, one], "oldest membership first");
    let mut tenant = system.tenants().find(one).await?;
    if let Some(tenant) = &mut tenant {
        tenant.state = TenantState::Suspended;
        assert!(system.tenants().update(tenant).await?);
    }
    assert_eq!(system.tenants().find(one).await?, tenant);
    Ok(())
}

pub(super) async fn who_leaves_loses_sessions_and_conversations(world: &World<'_>) -> Outcome {
    let shop = world.shop().await?;
    let elsewhere = world.tenant().await?;
    let ana = user(world)?;
    let (here, there) =
        (session(world, &ana, Some(shop.tenant)), session(world, &ana, Some(elsewhere)));
    let mut system = world.system().await?;
    system.users().insert(&ana).await?;
    system.sessions().insert(&here).await?;
    system.sessions().insert(&there).await?;
    system.commit().await?;
    let mut unit = world.write(shop.tenant).await?;
    unit.members().insert(&member(&ana)).await?;
    unit.conversations().assign(shop.conversation.id, None, Some(ana.id)).await?;
    assert!(unit.members().remove(ana.id).await?);
    assert!(!unit.members().remove(ana.id).await?, "removed twice");
    let held = unit.conversations().find(shop.conversation.id).await?;
    assert_eq!(held.and_then(|c| c.assignee), None, "it waits for somebody else");
    unit.commit().await?;
    let mut system = world.system().await?;
    assert!(system.sessions().by_hash(&here.token_hash).await?.is_none());
    assert!(system.sessions().by_hash(&there.token_hash).await?.is_some());
    Ok(())
}

pub(super) async fn sessions_end(world: &World<'_>) -> Outcome {
    let ana = user(world)?;
    let [one, two, three] =
        [session(world, &ana, None), session(world, &ana, None), session(world, &ana, None)];
    let mut system = world.system().await?;
    system.users().insert(&ana).await?;
    for session in [&one, &two, &three] {
        system.sessions().insert(session).await?;
    }
    system.sessions().touch(one.id, later(5)).await?;
    let found = system.sessions().by_hash(&one.token_hash).await?;
    let seen = found.map(|s| (s.id, s.user, s.tenant, s.last_seen_at, s.created_at));
    assert_eq!(seen, Some((one.id, ana.id, None, later(5), NOW)));
    assert!(system.sessions().revoke(two.id).await?);
    assert!(!system.sessions().revoke(two.id).await?);
    assert_eq!(system.sessions().revoke_all(ana.id, Some(one.id)).await?, 1);
    assert!(system.sessions().by_hash(&three.token_hash).await?.is_none());
    assert!(system.sessions().by_hash(&one.token_hash).await?.is_some());
    assert!(system.sessions().trim(later(1)).await? >= 1);
    assert!(system.sessions().by_hash(&one.token_hash).await?.is_none());
    Ok(())
}

pub(super) async fn keys_lead_to_their_tenant(world: &World<'_>) -> Outcome {
    let tenant = world.tenant().await?;
    let key = ApiKey {
        id: world.env.id(),
        name: "Shop".to_owned(),
        prefix: format!("wak_{}", world.env.uuid().simple()),
        secret_hash: world.env.bytes(),
        grants: Grants::only([Permission::ContactsView]),
        per_minute: 30,
        per_day: Some(1000),
        created_at: NOW,
        last_used_at: None,
        expires_at: Some(later(1000)),
        revoked_at: None,
    };
    let mut unit = world.write(tenant).await?;
    unit.api_keys().insert(&key).await?;
    unit.commit().await?;
    let mut system = world.system().await?;
    system.routing().touch_api_key(key.id, later(1)).await?;
    let found = system.routing().api_key_by_prefix(&key.prefix).await?;
    let seen = found.map(|(t, k)| (t, k.secret_hash, k.grants, k.per_day, k.last_used_at));
    let expected = (tenant, key.secret_hash, key.grants, Some(1000), Some(later(1)));
    assert_eq!(seen, Some(expected));
    assert!(system.routing().api_key_by_prefix("wak_none").await?.is_none());
    system.commit().await?;
    let mut unit = world.write(tenant).await?;
    assert!(unit.api_keys().revoke(key.id, later(2)).await?);
    assert!(!unit.api_keys().revoke(key.id, later(3)).await?, "ended twice");
    let revoked = unit.api_keys().list().await?.pop().and_then(|k| k.revoked_at);
    assert_eq!(revoked, Some(later(2)));
    Ok(())
}
