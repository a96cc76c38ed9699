//! libFuzzer on `request_body`.
#![no_main]

libfuzzer_sys::fuzz_target!(init: fuzz::pass_what_the_guard_catches(), |data: &[u8]| {
    fuzz::run("request_body", data);
});
