/**
 * Programs of people's images that the lab has, beside nginx and httpd: by their names in `programs.ts`. All of it comes
 * when somebody starts a server (`servers.ts`).
 */
import { agnhost, serveHostnameImage } from './agnhost.ts';
import type { App, AppBegun, AppStart } from './app.ts';
import { echoserver } from './echoserver.ts';
import { httpEcho } from './http-echo.ts';
import { redis } from './redis.ts';
import { bootcamp, helloApp, nodeHello } from './samples.ts';
import { whoami } from './whoami.ts';

const APPS = {
	agnhost,
	bootcamp,
	echoserver,
	'hello-app': helloApp,
	'http-echo': httpEcho,
	'node-hello': nodeHello,
	redis,
	'serve-hostname': serveHostnameImage,
	whoami,
} satisfies Readonly<Record<string, App>>;

export type AppName = keyof typeof APPS;

/** Begins a program. */
export const beginApp = (name: AppName, start: AppStart): AppBegun => APPS[name](start);

export type { AppBegun } from './app.ts';
