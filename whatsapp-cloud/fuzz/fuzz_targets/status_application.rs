//! Looks for bytes that break [`whatsapp_cloud_fuzz::targets::status_application`]. Run by `cargo xtask fuzz status_application`.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| whatsapp_cloud_fuzz::targets::status_application(data));
