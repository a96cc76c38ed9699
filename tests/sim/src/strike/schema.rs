//! Updates: the server and the apps come to know a newer schema, each on its own, whoever comes
//! first.

use shared::doc::Schema;
use vfs::Lose;

use crate::fault::Fault;
use crate::world::{Violation, World};

/// The newest schema that anybody comes to know: two above the first, so that an app which is
/// updated may still be too old.
const NEWEST: Schema = Schema::new(3);
/// How often it is the server's turn, in a hundred.
const SERVER: u64 = 40;

impl World {
    /// The newest schema that some program in the world knows.
    pub(crate) fn newest(&self) -> Schema {
        let apps = self.devices.iter().map(|node| node.schema());
        apps.max().unwrap_or_default().max(self.server.schema)
    }

    /// True if some app is older than another, or than the server, or newer.
    pub(crate) fn is_mixed(&self) -> bool {
        let newest = self.newest();
        let apps = self.devices.iter().map(|node| node.schema());
        apps.chain([self.server.schema]).any(|it| it != newest)
    }

    /// A server that is never started otherwise knows from the beginning what apps come to know.
    pub(crate) fn begins_updated(&mut self) -> Result<(), String> {
        if !self.server_stays || self.climate.of(Fault::SchemaRaised) == 0 {
            return Ok(());
        }
        self.server.kill();
        self.server.schema = NEWEST;
        self.server.start()
    }

    /// Lets an update come to the server or to an app, now and then.
    pub(crate) fn somebody_updates(&mut self) -> Result<(), Violation> {
        if self.updates.below(1000) >= self.climate.of(Fault::SchemaRaised) {
            return Ok(());
        }
        if self.updates.percent(SERVER) {
            return self.server_updates();
        }
        let count = u64::try_from(self.devices.len()).unwrap_or(1);
        let device = usize::try_from(self.updates.below(count)).unwrap_or(0);
        let next = Schema::new(self.devices[device].schema().number() + 1);
        let most = if self.server_stays {
            self.server.schema
        } else {
            NEWEST
        };
        if next > most {
            return Ok(());
        }
        self.hit(Fault::SchemaRaised, Some(device));
        self.app_updates(device, next)
    }

    fn server_updates(&mut self) -> Result<(), Violation> {
        if self.server_stays || self.server.schema == NEWEST {
            return Ok(());
        }
        self.hit(Fault::SchemaRaised, None);
        self.server_updates_to(Schema::new(self.server.schema.number() + 1))
    }

    fn server_updates_to(&mut self, schema: Schema) -> Result<(), Violation> {
        self.server.kill();
        self.server.schema = schema;
        self.start_server()
    }

    /// An app that runs is started anew; a locked one is newer when it is unlocked.
    fn app_updates(&mut self, device: usize, schema: Schema) -> Result<(), Violation> {
        let node = &mut self.devices[device];
        node.update(schema);
        if node.core().is_none() {
            return Ok(());
        }
        node.kill();
        self.start_device(device, Lose::Nothing)
    }

    /// Everybody comes to know what the newest program knows.
    pub(crate) fn everybody_updates(&mut self) -> Result<(), Violation> {
        let newest = self.newest();
        if self.server.schema != newest {
            self.server_updates_to(newest)?;
        }
        for device in 0..self.devices.len() {
            if self.devices[device].schema() != newest {
                self.app_updates(device, newest)?;
            }
        }
        self.tell("everybody is updated");
        Ok(())
    }
}
