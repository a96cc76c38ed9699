//! The codes are part of the protocol and of stored rows.

use std::collections::BTreeSet;

/// Every code, in the order of the variants. Add to it; change nothing.
const CODES: &str = "
    change_too_large truncated trailing_bytes bad_magic compressed_chunk not_a_change bad_number
    bad_checksum too_many_deps repeated_dep actor_length too_many_actors repeated_actor seq_range
    op_range time_range message_too_long bad_text extra_too_long unknown_column compressed_column
    column_order empty_run row_count null_value too_many_ops too_many_preds too_many_containers
    unknown_action key_too_long bad_key bad_value actor_index bad_reference duplicate_change
    seq_reused seq_gap start_op foreign_actor second_root parser_disagreement
    rejected_by_automerge automerge_panicked not_applied unloadable loads_differently
    document_ops document_changes document_bytes
";

#[test]
fn codes_stay_as_they_are() {
    let source = include_str!("../refusal.rs");
    let quoted = source.lines().filter_map(|line| line.split_once("=> \""));
    let found: Vec<_> = quoted
        .map(|(_, rest)| rest.trim_end_matches("\","))
        .collect();
    let listed: Vec<_> = CODES.split_whitespace().collect();
    assert_eq!(found, listed);
    let unique: BTreeSet<_> = listed.iter().collect();
    assert_eq!(unique.len(), listed.len());
}
