//! What must hold for any bytes. The fuzzer calls these, and so does the test that replays the kept corpus.

pub mod targets;
