//! This node has trouble of its own: its disk fills up, its files cannot be reached. The rest goes on, and all of
//! it when the trouble ends.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use async_trait::async_trait;
use object_store::local::LocalFileSystem;
use serde_json::json;
use whatsapp_core::{MediaState, Span};
use whatsapp_platform::testing::{TestPlatform, TestTenant};
use whatsapp_platform::{Disk, Room};

use crate::sending::{campaign_to, phone};

const GIB: u64 = 1024 * 1024 * 1024;

/// A disk whose room the test decides.
#[derive(Clone, Debug)]
struct Chosen(Arc<AtomicU64>);

#[async_trait]
impl Disk for Chosen {
    async fn room(&self) -> Result<Room, String> {
        Ok(Room { free: self.0.load(Ordering::SeqCst), total: 100 * GIB })
    }
}

#[tokio::test]
async fn sending_pauses_while_the_disk_is_nearly_full_and_goes_on_by_itself_where_it_stopped() {
    let free = Arc::new(AtomicU64::new(20 * GIB));
    let disk = Chosen(Arc::clone(&free));
    let mut world = TestPlatform::with(move |builder, _| builder.disk(disk)).await;
    let shop = world.tenant("Casa Aurora").await;
    let id = campaign_to(&shop, 40).await;
    shop.workspace.campaigns().start(id).await.expect("starts");
    for _ in 0..6 {
        world.step().await.expect("steps");
        world.clock.advance(Span::millis(25));
    }
    free.store(GIB / 4, Ordering::SeqCst);
    world.look_around().await;
    let before = world.simulator.sends().len();
    assert!((1..40).contains(&before), "{before}");
    world.settle().await;
    assert_eq!(world.simulator.sends().len(), before, "nothing new goes out");
    let troubles = world.platform.troubles().await;
    assert!(
        troubles.iter().any(|t| t.check == "disk" && t.why.contains("256 MiB")),
        "{troubles:?}"
    );
    world.customer(phone(1).as_str()).says("Hello?").await;
    let threads = shop.workspace.conversations().page(Default::default(), Default::default()).await;
    assert!(
        threads.expect("lists").items.iter().any(|t| t.conversation.unread > 0),
        "who writes is heard"
    );
    free.store(20 * GIB, Ordering::SeqCst);
    world.look_around().await;
    world.platform.ready().await.expect("is ready again");
    world.settle().await;
    let mut reached: Vec<_> = world.simulator.sends().into_iter().map(|s| s.to).collect();
    reached.sort();
    reached.dedup();
    assert_eq!((reached.len(), world.simulator.sends().len()), (40, 40));
}

#[tokio::test]
async fn while_files_cannot_be_kept_text_flows_and_the_file_comes_later() {
    let folder = tempfile::tempdir().expect("a folder");
    let files = folder.path().join("files");
    std::fs::create_dir(&files).expect("a folder");
    let kept = LocalFileSystem::new_with_prefix(&files).expect("files");
    let mut world = TestPlatform::with(move |builder, _| builder.files(kept)).await;
    let shop = world.tenant("Casa Aurora").await;
    // A file stands where the folder was.
    std::fs::remove_dir(&files).expect("is empty");
    std::fs::write(&files, b"").expect("is written");
    let ana = phone(1);
    world.customer(ana.as_str()).does(json!({"type": "image", "image": {}})).await;
    world.customer(ana.as_str()).says("Did you get it?").await;
    assert_eq!(files_of(&shop).await, [MediaState::Pending], "the text is there, the file comes");
    std::fs::remove_file(&files).expect("is there");
    std::fs::create_dir(&files).expect("a folder");
    for _ in 0..10 {
        world.clock.advance(Span::minutes(1));
        world.settle().await;
    }
    assert_eq!(files_of(&shop).await, [MediaState::Ready]);
}

async fn files_of(shop: &TestTenant) -> Vec<MediaState> {
    let page = shop.workspace.conversations().page(Default::default(), Default::default()).await;
    let thread = page.expect("lists").items.remove(0).conversation.id;
    let page = shop.workspace.messages().timeline(thread, Default::default()).await.expect("lists");
    assert_eq!(page.items.len(), 2);
    page.items.iter().filter_map(|view| view.media.as_ref().map(|media| media.state)).collect()
}
