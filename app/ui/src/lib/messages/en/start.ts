/** Words before a vault is open: setting up, signing in, unlocking, and the way back. */
import { pinTries, pinWait, plural, type Device } from './codes';

export const start = {
  enrolTitle: 'Set up this device',
  enrolHint: 'Paste or scan the set-up link you were given. It works once.',
  link: 'Set-up link',
  enrol: 'Set up',
  enrolling: 'Asking the server',
  enrolled: (device: string, force: string) => `This is ${device} of ${force}.`,
  signInTitle: 'Sign in',
  signInHint: 'Once, with a connection. After that your PIN opens it anywhere.',
  collar: 'Collar number',
  password: 'Password',
  pin: 'Choose a PIN',
  pinHint: 'At least 6 digits. It keeps this device’s records closed to others.',
  signIn: 'Sign in',
  signingIn: 'Signing in',
  another: 'Somebody else? Sign in',
  missing: {
    link: 'Paste the set-up link.',
    collar: 'Type your collar number.',
    password: 'Type your password.',
    pin: 'Choose a PIN.',
  },
  reduced: 'Reduced protection: this device has no secure key store.',
};

export const unlock = {
  title: 'Unlock',
  pin: 'PIN',
  digits: (n: number) => `${n} ${n === 1 ? 'digit' : 'digits'} entered`,
  delete: 'Delete the last digit',
  open: 'Unlock',
  opening: 'Opening',
  missing: 'Type your PIN.',
  who: 'Who are you?',
  forgotten: 'Forgot your PIN?',
  tries: pinTries,
  wait: pinWait,
};

export const recover = {
  title: 'Forgot your PIN?',
  hint: 'Sign in, with a connection. You then get a code to pass on, and choose a new PIN. Nothing here is lost.',
  ask: 'Ask for a new PIN',
  codeTitle: 'Pass this code on',
  codeHint: 'Read it to IT support, who hold the force’s key. Keep this page open.',
  waiting: (time: string) => `Waiting for the answer. The code holds until ${time}.`,
  pinTitle: 'Choose a new PIN',
  pinHint: 'The answer has come. The old PIN no longer opens anything.',
  open: 'Open with the new PIN',
  cancel: 'Ask no longer',
};

/** What a locked device sends. */
export const spool = {
  waiting: (device: Device, age: string) =>
    `What you submitted waits on this ${device}${age ? `, ${age}` : ''}. It sends by itself, locked too.`,
  sending: 'Sending what you submitted.',
  received: (time: string) => `What you submitted was received${time ? ` at ${time}` : ''}.`,
  needsUnlock: 'Something can only be sent once you unlock.',
  photos: (n: number) => `${plural(n, 'photo goes', 'photos go')} after you unlock.`,
};
