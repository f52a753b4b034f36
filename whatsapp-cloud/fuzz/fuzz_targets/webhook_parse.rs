//! Looks for bytes that break [`whatsapp_cloud_fuzz::targets::webhook_parse`]. Run by `cargo xtask fuzz webhook_parse`.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| whatsapp_cloud_fuzz::targets::webhook_parse(data));
