//! The public suite on each of our stores.

use whatsapp_storage::conformance::run_all;

use crate::stores;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sqlite_in_a_file_keeps_every_promise() {
    run_all(&stores::file().await.store).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sqlite_in_memory_keeps_every_promise() {
    run_all(&stores::memory().await.store).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn postgres_keeps_every_promise() {
    run_all(&stores::postgres().await.store).await;
}
