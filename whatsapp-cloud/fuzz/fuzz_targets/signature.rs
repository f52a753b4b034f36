//! Looks for bytes that break [`whatsapp_cloud_fuzz::targets::signature`]. Run by `cargo xtask fuzz signature`.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| whatsapp_cloud_fuzz::targets::signature(data));
