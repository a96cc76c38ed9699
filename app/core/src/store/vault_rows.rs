//! The vault's own row: whose it is, the state of its log, and its cursors.

use rusqlite::{Connection, named_params};
use shared::hash::HeaderHash;
use shared::ids::{
    AcceptPos, BootId, DeviceId, EntryId, Epoch, LogId, MailSeq, OfficerId, PolicySeq, ReceivePos,
    ReferenceSeq, Seq,
};
use shared::policy::Role;
use shared::time::UnixMs;
use shared::wire::SignInResponse;
use zeroize::Zeroizing;

use super::StoreError;
use super::disk_rows::{LeaseRow, lease_of};
use super::sql::{bytes, bytes_opt, count, count_opt, seq, signed, time_opt};

/// The vault's row.
#[derive(Clone)]
pub(crate) struct VaultRow {
    pub(crate) log: LogId,
    pub(crate) seed: Zeroizing<[u8; 32]>,
    pub(crate) officer: OfficerId,
    pub(crate) device: DeviceId,
    pub(crate) label: String,
    pub(crate) collar: String,
    pub(crate) role: Role,
    pub(crate) team: String,
    pub(crate) station: String,
    pub(crate) session: Option<String>,
    pub(crate) session_expires: Option<UnixMs>,
    pub(crate) next: Seq,
    pub(crate) head: HeaderHash,
    pub(crate) epoch: Option<Epoch>,
    pub(crate) received: Option<Seq>,
    pub(crate) policy: PolicySeq,
    pub(crate) records: AcceptPos,
    pub(crate) mailbox: MailSeq,
    pub(crate) reference: ReferenceSeq,
    pub(crate) heard: Option<Heard>,
    /// Up to here the server's commits are covered by a replica or a verified backup.
    pub(crate) horizon: ReceivePos,
    /// How much of the lease is used.
    pub(crate) lease: LeaseRow,
    /// The first place of the log that the server has otherwise or never had: the log has split.
    pub(crate) forked: Option<Seq>,
    /// While a split is looked into: the last place that both are known to have alike.
    pub(crate) matched: Option<Seq>,
    /// Where the log before this one had got to.
    pub(crate) parent: Option<EntryId>,
    /// How many digests did not fit.
    pub(crate) repairs: u32,
}

/// When the server was last heard, by all three clocks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Heard {
    pub(crate) server: UnixMs,
    pub(crate) wall: UnixMs,
    pub(crate) boot: BootId,
    pub(crate) boot_ms: u64,
}

/// Makes the row of a new vault.
pub(crate) fn create(
    tx: &Connection,
    log: LogId,
    seed: &[u8; 32],
    device: DeviceId,
    head: HeaderHash,
    answer: &SignInResponse,
) -> Result<(), StoreError> {
    tx.prepare_cached(
        "INSERT INTO vault (id, log, seed, officer, device, head, label, collar, role, team,
             station)
         VALUES (1, :log, :seed, :officer, :device, :head, '', '', '', '', '')",
    )?
    .execute(named_params! {
        ":log": log.as_bytes(),
        ":seed": seed,
        ":officer": answer.officer.as_bytes(),
        ":device": device.as_bytes(),
        ":head": head.as_bytes(),
    })?;
    signed_in(tx, answer)
}

/// Keeps what a sign-in said.
pub(crate) fn signed_in(tx: &Connection, answer: &SignInResponse) -> Result<(), StoreError> {
    tx.prepare_cached(
        "UPDATE vault SET label = :label, collar = :collar, role = :role, team = :team,
             station = :station, session = :session, session_expires = :expires, policy = max(policy, :policy)",
    )?
    .execute(named_params! {
        ":label": answer.label,
        ":collar": answer.collar,
        ":role": answer.role.as_str(),
        ":team": answer.team,
        ":station": answer.station,
        ":session": answer.session,
        ":expires": answer.expires.0,
        ":policy": signed(answer.policy.0),
    })?;
    Ok(())
}

/// Reads the row.
pub(crate) fn get(conn: &Connection) -> Result<VaultRow, StoreError> {
    let mut statement = conn.prepare_cached("SELECT * FROM vault WHERE id = 1")?;
    let mut rows = statement.query(())?;
    let row = rows.next()?.ok_or(StoreError::Damaged("no vault"))?;
    let role: String = row.get("role")?;
    let heard = match (
        time_opt(row, "server_time")?,
        bytes_opt(row, "server_boot")?,
    ) {
        (Some(server), Some(boot)) => Some(Heard {
            server,
            wall: time_opt(row, "server_wall")?.unwrap_or_default(),
            boot: BootId::from_bytes(boot),
            boot_ms: count(row, "server_boot_ms")?,
        }),
        _ => None,
    };
    let parent = match (bytes_opt(row, "parent_log")?, count_opt(row, "parent_seq")?) {
        (Some(log), Some(seq)) => Some(EntryId {
            log: LogId::from_bytes(log),
            seq: Seq(seq),
        }),
        _ => None,
    };
    Ok(VaultRow {
        log: LogId::from_bytes(bytes(row, "log")?),
        seed: Zeroizing::new(bytes(row, "seed")?),
        officer: OfficerId::from_bytes(bytes(row, "officer")?),
        device: DeviceId::from_bytes(bytes(row, "device")?),
        label: row.get("label")?,
        collar: row.get("collar")?,
        role: Role::parse(&role).ok_or(StoreError::Damaged("role"))?,
        team: row.get("team")?,
        station: row.get("station")?,
        session: row.get("session")?,
        session_expires: time_opt(row, "session_expires")?,
        next: Seq(count(row, "next_seq")?),
        head: HeaderHash::from_bytes(bytes(row, "head")?),
        epoch: bytes_opt(row, "epoch")?.map(Epoch::from_bytes),
        received: count_opt(row, "received_seq")?.map(Seq),
        policy: PolicySeq(count(row, "policy")?),
        records: AcceptPos(count(row, "records_cursor")?),
        mailbox: MailSeq(count(row, "mailbox_cursor")?),
        reference: ReferenceSeq(count(row, "reference_cursor")?),
        heard,
        horizon: ReceivePos(count(row, "horizon")?),
        lease: lease_of(row)?,
        forked: count_opt(row, "forked")?.map(Seq),
        matched: count_opt(row, "matched")?.map(Seq),
        parent,
        repairs: row.get("repairs")?,
    })
}

/// Moves the log on.
pub(super) fn set_head(tx: &Connection, next: Seq, head: HeaderHash) -> Result<(), StoreError> {
    tx.prepare_cached("UPDATE vault SET next_seq = :next, head = :head")?
        .execute(named_params! { ":next": seq(next), ":head": head.as_bytes() })?;
    Ok(())
}

/// Sets up to where the server has received the log.
pub(crate) fn set_received(tx: &Connection, received: Option<Seq>) -> Result<(), StoreError> {
    tx.prepare_cached("UPDATE vault SET received_seq = :received")?
        .execute(named_params! { ":received": received.map(seq) })?;
    Ok(())
}

/// Begins a lineage of the server's database: what of ours it has received, and how much of
/// its records stream is what was heard before. The other streams begin anew.
pub(crate) fn set_epoch(
    tx: &Connection,
    epoch: Epoch,
    received: Option<Seq>,
    records: AcceptPos,
) -> Result<(), StoreError> {
    tx.prepare_cached(
        "UPDATE vault SET epoch = :epoch, received_seq = :received, records_cursor = :records,
             mailbox_cursor = 0, reference_cursor = 0",
    )?
    .execute(named_params! {
        ":epoch": epoch.as_bytes(),
        ":received": received.map(seq),
        ":records": signed(records.0),
    })?;
    Ok(())
}

/// Advances the cursors.
pub(crate) fn set_cursors(
    tx: &Connection,
    records: AcceptPos,
    mailbox: MailSeq,
    reference: ReferenceSeq,
) -> Result<(), StoreError> {
    tx.prepare_cached(
        "UPDATE vault SET records_cursor = :records, mailbox_cursor = :mailbox,
             reference_cursor = :reference",
    )?
    .execute(named_params! {
        ":records": signed(records.0),
        ":mailbox": signed(mailbox.0),
        ":reference": signed(reference.0),
    })?;
    if shared::mutant!(CursorBeforeData) {
        tx.execute_batch("COMMIT; BEGIN IMMEDIATE;")?;
    }
    Ok(())
}

/// Keeps what the server said of its clock, its backups and the authority.
pub(crate) fn set_heard(
    tx: &Connection,
    heard: Heard,
    policy: PolicySeq,
    horizon: ReceivePos,
) -> Result<(), StoreError> {
    tx.prepare_cached(
        "UPDATE vault SET server_time = :server, server_wall = :wall, server_boot = :boot,
             server_boot_ms = :boot_ms, policy = max(policy, :policy), horizon = :horizon",
    )?
    .execute(named_params! {
        ":server": heard.server.0,
        ":wall": heard.wall.0,
        ":boot": heard.boot.as_bytes(),
        ":boot_ms": signed(heard.boot_ms),
        ":policy": signed(policy.0),
        ":horizon": signed(horizon.0),
    })?;
    Ok(())
}
