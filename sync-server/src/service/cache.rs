//! What is read far more often than it changes: people and areas, each by its version.

use std::sync::{Arc, Mutex};

use shared::area::Areas;
use shared::codes::CodeLists;
use shared::ids::{AcceptPos, ReferenceSeq};
use shared::policy::Authority;
use shared::wire::Scope;
use tokio::sync::broadcast;

use super::{Moved, Server, lock};
use crate::store::{Counters, StoreError};

/// The caches, and how far this process has told its listeners.
pub(super) struct Cache {
    authority: Mutex<Option<Arc<Authority>>>,
    areas: Mutex<Option<(ReferenceSeq, Option<Arc<Areas>>)>>,
    lists: Mutex<Option<(ReferenceSeq, Arc<CodeLists>)>>,
    told: Mutex<Counters>,
}

impl Cache {
    pub(super) fn new(counters: Counters) -> Self {
        Self {
            authority: Mutex::default(),
            areas: Mutex::default(),
            lists: Mutex::default(),
            told: Mutex::new(counters),
        }
    }
}

impl Server {
    /// Everybody, as they are now.
    pub(super) fn authority(&self) -> Result<Arc<Authority>, StoreError> {
        let now = self.store.counters()?.policy;
        if let Some(cached) = lock(&self.cache.authority).as_ref()
            && cached.seq == now
        {
            return Ok(Arc::clone(cached));
        }
        let fresh = Arc::new(self.store.authority()?);
        *lock(&self.cache.authority) = Some(Arc::clone(&fresh));
        Ok(fresh)
    }

    /// The wards, if any were imported.
    pub(super) fn areas(&self) -> Result<Option<Arc<Areas>>, StoreError> {
        let now = self.store.counters()?.reference;
        if let Some((seq, areas)) = lock(&self.cache.areas).as_ref()
            && *seq == now
        {
            return Ok(areas.clone());
        }
        let body = self.store.reference(super::operate::AREAS)?;
        let text = body.and_then(|(_, body)| String::from_utf8(body).ok());
        let areas = text.and_then(|text| Areas::from_geojson(&text).ok());
        let areas = areas.map(|(areas, _)| Arc::new(areas));
        *lock(&self.cache.areas) = Some((now, areas.clone()));
        Ok(areas)
    }

    /// The code lists: those this program was built with, replaced by those brought in.
    pub(super) fn lists(&self) -> Result<Arc<CodeLists>, StoreError> {
        let now = self.store.counters()?.reference;
        if let Some((seq, lists)) = lock(&self.cache.lists).as_ref()
            && *seq == now
        {
            return Ok(Arc::clone(lists));
        }
        let body = self.store.reference(super::lists::CODES)?;
        let text = body.and_then(|(_, body)| String::from_utf8(body).ok());
        // What does not read is passed over, as devices do.
        let newer = text.and_then(|text| CodeLists::from_json(&text).ok());
        let lists = Arc::new(CodeLists::builtin().with(newer.unwrap_or_default()));
        *lock(&self.cache.lists) = Some((now, Arc::clone(&lists)));
        Ok(lists)
    }

    /// Told after each commit that moved something.
    pub fn moved(&self) -> broadcast::Receiver<Moved> {
        self.moved.subscribe()
    }

    /// Looks at what other processes wrote, and tells the listeners.
    pub fn look_outside(&self) -> Result<(), super::ServerError> {
        let now = self.store.counters()?;
        let before = std::mem::replace(&mut *lock(&self.cache.told), now);
        if now.accept > before.accept {
            self.tell(Moved::Feed(now.accept, None));
        }
        if now.reference > before.reference || now.policy > before.policy {
            self.tell(Moved::Reference);
        }
        if now.receive > before.receive {
            self.tell(Moved::Devices);
        }
        Ok(())
    }

    /// Tells the listeners that the feed has got here, in these scopes.
    pub(super) fn tell_feed(&self, position: AcceptPos, scopes: Vec<Scope>) {
        let mut told = lock(&self.cache.told);
        told.accept = told.accept.max(position);
        drop(told);
        self.tell(Moved::Feed(position, Some(scopes.into())));
    }

    /// Tells the listeners.
    pub(super) fn tell(&self, moved: Moved) {
        // Nobody listening is no fault.
        let _ = self.moved.send(moved);
    }
}
