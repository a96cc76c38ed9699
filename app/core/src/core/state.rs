//! What one open vault knows, under its lock.

use shared::ids::{ActorId, RecordId};

use super::context::Context;
use super::{CoreConfig, CoreError, State, lease, project, reserve};
use crate::env::Env;
use crate::store::{VaultRow, record_rows, vault_rows};

impl State {
    pub(super) fn vault(&self) -> Result<VaultRow, CoreError> {
        Ok(vault_rows::get(self.store.read())?)
    }

    pub(super) fn context(&self, config: &CoreConfig) -> Result<Context, CoreError> {
        Context::new(self.vault()?, &self.reference, &config.env, config.schema)
    }

    /// Runs one transaction with what it may need to know.
    pub(super) fn commit<T>(
        &mut self,
        config: &CoreConfig,
        work: impl FnOnce(&rusqlite::Connection, &Context) -> Result<T, CoreError>,
    ) -> Result<T, CoreError> {
        let context = self.context(config)?;
        let done = self.store.write(|tx| {
            lease::keep(tx, &context)?;
            work(tx, &context)
        });
        reserve::give_up(config, &done);
        done
    }

    /// Cover and acting ranks begin and end with time: what waits for this reader's review follows.
    pub(super) fn follow_posts(&mut self, config: &CoreConfig) -> Result<(), CoreError> {
        let context = self.context(config)?;
        let posts = context.posts();
        if posts == self.posts {
            return Ok(());
        }
        let acting = context.person().is_some_and(|it| !it.acting.is_empty());
        if acting || !self.posts.is_empty() {
            self.commit(config, |tx, context| {
                for id in record_rows::others(tx)? {
                    project::states(tx, context, id)?;
                }
                Ok(())
            })?;
        }
        self.posts = posts;
        Ok(())
    }

    /// The actor that writes a record, fresh at the first change after each start.
    pub(super) fn actor(&mut self, env: &Env, id: RecordId) -> ActorId {
        if shared::mutant!(ReusedActor)
            && let Ok(row) = self.vault()
        {
            return ActorId::from_bytes(*row.log.as_bytes());
        }
        *self
            .actors
            .entry(id)
            .or_insert_with(|| ActorId::from_bytes(env.bytes()))
    }
}
