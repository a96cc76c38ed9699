//! libFuzzer on `session`.
#![no_main]

libfuzzer_sys::fuzz_target!(init: fuzz::pass_what_the_guard_catches(), |data: &[u8]| {
    fuzz::run("session", data);
});
