//! Looks for bytes that break [`whatsapp_cloud_fuzz::targets::template_components`]. Run by `cargo xtask fuzz template_components`.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| whatsapp_cloud_fuzz::targets::template_components(data));
