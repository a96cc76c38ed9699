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
use super::disk_rows::LeaseRow;
use super::sql::{Cells, seq, signed};

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

/// The row's columns, in the order in which [`get`] reads them.
const COLUMNS: &str = "log, seed, officer, device, label, collar, role, team, station, session,
    session_expires, next_seq, head, epoch, received_seq, policy, records_cursor, mailbox_cursor,
    reference_cursor, server_time, server_boot, server_wall, server_boot_ms, horizon,
    lease_used, lease_boot, lease_boot_ms, forked, matched, parent_log, parent_seq, repairs";

/// Reads the row.
pub(crate) fn get(conn: &Connection) -> Result<VaultRow, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM vault WHERE id = 1");
    let mut statement = conn.prepare_cached(&sql)?;
    let mut rows = statement.query(())?;
    let row = rows.next()?.ok_or(StoreError::Damaged("no vault"))?;
    let mut cells = Cells::of(row);
    Ok(VaultRow {
        log: LogId::from_bytes(cells.next()?),
        seed: Zeroizing::new(cells.next()?),
        officer: OfficerId::from_bytes(cells.next()?),
        device: DeviceId::from_bytes(cells.next()?),
        label: cells.next()?,
        collar: cells.next()?,
        role: role(&cells.next::<String>()?)?,
        team: cells.next()?,
        station: cells.next()?,
        session: cells.next()?,
        session_expires: cells.time_opt()?,
        next: Seq(cells.count()?),
        head: HeaderHash::from_bytes(cells.next()?),
        epoch: cells.next::<Option<_>>()?.map(Epoch::from_bytes),
        received: cells.count_opt()?.map(Seq),
        policy: PolicySeq(cells.count()?),
        records: AcceptPos(cells.count()?),
        mailbox: MailSeq(cells.count()?),
        reference: ReferenceSeq(cells.count()?),
        heard: heard(&mut cells)?,
        horizon: ReceivePos(cells.count()?),
        lease: LeaseRow::read(&mut cells)?,
        forked: cells.count_opt()?.map(Seq),
        matched: cells.count_opt()?.map(Seq),
        parent: parent(&mut cells)?,
        repairs: cells.next()?,
    })
}

fn role(name: &str) -> Result<Role, StoreError> {
    Role::parse(name).ok_or(StoreError::Damaged("role"))
}

fn heard(cells: &mut Cells<'_, '_>) -> Result<Option<Heard>, StoreError> {
    let (server, boot) = (cells.time_opt()?, cells.next::<Option<_>>()?);
    let (wall, boot_ms) = (cells.time_opt()?, cells.count_opt()?);
    Ok(server.zip(boot).map(|(server, boot)| Heard {
        server,
        wall: wall.unwrap_or_default(),
        boot: BootId::from_bytes(boot),
        boot_ms: boot_ms.unwrap_or_default(),
    }))
}

fn parent(cells: &mut Cells<'_, '_>) -> Result<Option<EntryId>, StoreError> {
    let (log, seq) = (cells.next::<Option<_>>()?, cells.count_opt()?);
    Ok(log.zip(seq).map(|(log, seq)| EntryId {
        log: LogId::from_bytes(log),
        seq: Seq(seq),
    }))
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
