/** The console API with made-up data, for looking at the page without a server. */
import { readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { fileURLToPath } from 'node:url';

import type { Connect, Plugin } from 'vite';

import { World } from './world.ts';

const AREAS = fileURLToPath(new URL('../../../assets/samples/areas.geojson', import.meta.url));
const BASE = '/api/v1/console/';

export function mock(): Plugin {
  const middleware = (): Connect.NextHandleFunction => {
    const world = new World(Date.now());
    return (request, response, next) => {
      const url = new URL(request.url ?? '/', 'http://mock');
      if (!url.pathname.startsWith(BASE)) return next();
      answer(world, url, request, response);
    };
  };
  return {
    name: 'beatbook-mock',
    configureServer: (server) => void server.middlewares.use(middleware()),
    configurePreviewServer: (server) => void server.middlewares.use(middleware()),
  };
}

function answer(world: World, url: URL, request: IncomingMessage, response: ServerResponse): void {
  const [what, id, photos, sha256] = url.pathname.slice(BASE.length).split('/');
  const signedIn = (request.headers.cookie ?? '').includes('mock=in');
  if (what === 'sign-in') return void signIn(world, request, response);
  if (what === 'control') return control(world, url, response);
  if (!signedIn) return problem(response, 401, 'sign_in_needed');
  switch (what) {
    case 'sign-out':
      response.setHeader('set-cookie', 'mock=; Max-Age=0; Path=/');
      return send(response, 204, null);
    case 'me':
      return send(response, 200, world.me());
    case 'records':
      if (photos && sha256) return picture(world, sha256, response);
      return id ? sendOr404(response, world.detail(id)) : send(response, 200, world.page());
    case 'devices':
      return send(response, 200, world.devices());
    case 'areas':
      return send(response, 200, JSON.parse(readFileSync(AREAS, 'utf8')));
    case 'searches':
      return send(response, 200, world.searches(Number(url.searchParams.get('limit'))));
    case 'live':
      return live(world, url, request, response);
    default:
      return problem(response, 404, 'not_found');
  }
}

async function signIn(world: World, request: IncomingMessage, response: ServerResponse) {
  let body = '';
  for await (const chunk of request) body += String(chunk);
  const { password } = JSON.parse(body) as { password: string };
  if (password === 'wrong') return problem(response, 401, 'bad_sign_in');
  response.setHeader('set-cookie', 'mock=in; Path=/');
  return send(response, 200, world.me());
}

/** Lets a script bring in records and photos, or break the channels. */
function control(world: World, url: URL, response: ServerResponse): void {
  const count = Number(url.searchParams.get('count') ?? 1);
  switch (url.searchParams.get('do')) {
    case 'arrive':
      for (let i = 0; i < count; i += 1) world.arrive(Date.now());
      break;
    case 'photo':
      world.photoComes();
      break;
    case 'silence':
      world.silent = true;
      break;
    case 'speak':
      world.silent = false;
      break;
    case 'empty':
      world.clear();
  }
  send(response, 200, { position: world.position });
}

function live(world: World, url: URL, request: IncomingMessage, response: ServerResponse): void {
  if (world.silent) return void response.destroy();
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
  let position = Number(request.headers['last-event-id'] ?? url.searchParams.get('after'));
  const event = (name: string, data: object, id?: number) =>
    response.write(
      `event: ${name}\n${id === undefined ? '' : `id: ${id}\n`}data: ${JSON.stringify(data)}\n\n`,
    );
  const catchUp = () => {
    if (world.silent) return void response.destroy();
    for (const record of world.after(position)) {
      event('record', record, record.position);
      position = record.position;
    }
  };
  event('hello', { epoch: world.epoch, position: world.position });
  catchUp();
  const poll = setInterval(catchUp, 100);
  const beat = setInterval(() => !world.silent && event('beat', { position }), 5_000);
  response.on('close', () => {
    clearInterval(poll);
    clearInterval(beat);
  });
}

function picture(world: World, sha256: string, response: ServerResponse): void {
  if (!world.photoIsHere(sha256)) return problem(response, 404, 'photo_not_here');
  response.writeHead(200, { 'content-type': 'image/svg+xml' });
  response.end(
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 300" width="400" height="300">' +
      '<path fill="slategray" d="M0 0h400v300H0z"/><path fill="dimgray" d="M0 190h400v110H0z"/>' +
      '<path fill="silver" d="M150 180l90-60 14 14-90 62z"/></svg>',
  );
}

function sendOr404(response: ServerResponse, body: object | null): void {
  if (body) send(response, 200, body);
  else problem(response, 404, 'not_found');
}

function problem(response: ServerResponse, status: number, code: string): void {
  response.writeHead(status, { 'content-type': 'application/problem+json' });
  response.end(JSON.stringify({ status, code }));
}

function send(response: ServerResponse, status: number, body: object | null): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(body ? JSON.stringify(body) : undefined);
}
