/** Setting up, unlocking, and the way back to a forgotten PIN. */
import type { RecoveryView } from '../bindings';
import type { Handlers } from './handlers';
import { fault } from './submit';
import { PIN, type World } from './world';

type Start =
  | 'app_view'
  | 'enrol'
  | 'create_vault'
  | 'unlock'
  | 'sign_in'
  | 'recover_begin'
  | 'recover_check'
  | 'recover_finish'
  | 'recover_cancel';

export function start(world: World): Pick<Handlers, Start> {
  let recovery: RecoveryView | null = null;
  const opened = () => {
    world.app = { ...world.app, state: 'open' };
    return world.person;
  };

  return {
    app_view: () => world.app,
    enrol: ({ link, formFactor }) => {
      if (!link.startsWith('beatbook://enrol')) throw fault('bad_link');
      world.app = { ...world.app, state: 'enrolled', formFactor, server: 'beatbook.west.example' };
      return { device: 'Phone 17', force: 'West Midlands' };
    },
    create_vault: ({ password, pin }) => {
      if (password === 'wrong') throw fault('bad_sign_in');
      if (pin.length < 6) throw fault('bad_pin');
      world.app = {
        ...world.app,
        vaults: [
          { id: 'v1', label: world.person.label, triesLeft: 5, waitUntil: null, spool: null },
        ],
      };
      return opened();
    },
    unlock: ({ pin }) => {
      const vault = world.app.vaults[0];
      if (pin === PIN || !vault) return opened();
      vault.triesLeft -= 1;
      throw fault('wrong_pin', { triesLeft: vault.triesLeft, thenWaitMs: 60_000 });
    },
    sign_in: () => {
      world.link = 'connected';
      world.tell('status');
      return world.person;
    },
    recover_begin: ({ password }) => {
      if (password === 'wrong') throw fault('bad_sign_in');
      recovery = { code: '7K3M-29QX', expires: Date.now() + 3_600_000, state: 'waiting' };
      return recovery;
    },
    recover_check: () => {
      if (!recovery) throw fault('not_found');
      if (world.query.get('recovery') === 'answered') recovery.state = 'answered';
      return recovery;
    },
    recover_finish: ({ pin }) => {
      if (pin.length < 6) throw fault('bad_pin');
      return opened();
    },
    recover_cancel: () => {
      recovery = null;
      return null;
    },
  };
}
