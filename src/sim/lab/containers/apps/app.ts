/** A program of an image whose behaviour the lab has: how it begins, and what it answers from then on. */
import { formatMicroTime } from '../../../api/index.ts';
import { SECOND } from '../../time.ts';
import type { WebHost } from '../http.ts';
import type { WebServer } from '../web.ts';

export interface AppStart {
	/** Its command line, its own name first. */
	readonly argv: readonly string[];
	readonly env: Readonly<Record<string, string>>;
	readonly tag: string;
	/** Of the program: its tag's, or that of the lab's time. */
	readonly version: string;
	readonly host: WebHost;
	/** A number of the lab's chance, both ends included. */
	draw(from: number, to: number): number;
	/** Ends the program: now. */
	exit(code: number): void;
}

export interface AppBegun {
	/** What it writes when it starts. */
	readonly lines: readonly string[];
	/** It ends at once. */
	readonly code?: number;
	readonly web?: WebServer;
	/** What it writes when it is told to end. */
	ends?(at: number): readonly string[];
	/** It goes on then, until it is killed. */
	readonly stays?: boolean;
}

export type App = (start: AppStart) => AppBegun;

/** Now, as microseconds since 1970. */
export const wallClock = ({ epoch, now }: WebHost): number => epoch * SECOND + now;

/** `2022-08-31T10:00:05.123456Z` of microseconds since 1970. */
export const iso = (at: number): string => formatMicroTime(Math.floor(at / SECOND), at % SECOND);
