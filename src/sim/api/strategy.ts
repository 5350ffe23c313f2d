/** What sets one kind apart when it is written: defaults, checks, what a writer may change. */
import type { Draft } from './json.ts';
import type { ApiObject, Resource } from './object.ts';
import type { FieldError } from './status.ts';

/** What a strategy may ask of the server. */
export interface Context {
	/** Minor of the server's version: 24. */
	readonly minor: number;
	/** `1.24.0` or as given. */
	readonly version: string;
	/** `--service-cluster-ip-range`. */
	readonly serviceCidr: string;
	readonly timestamp: string;
	readonly random: (purpose: string, key: string, bound: number) => number;
	/** Nothing is kept of this write. */
	readonly dryRun: boolean;
	/** How often something was drawn for a key before in this server's life; counts this time. */
	drawn(key: string): number;
	get(plural: string, namespace: string | undefined, name: string): ApiObject | undefined;
	list(plural: string, namespace?: string): readonly ApiObject[];
	/** The resource of a kind, as a manifest names it. */
	ofKind(apiVersion: string, kind: string): Resource | undefined;
	/** Adds a text for kubectl's `Warning: `. */
	warn(text: string): void;
	/** Whether somebody makes the `default` account of a namespace that has none yet; undefined where no controllers are. */
	accountComes(): boolean | undefined;
	/** Whoever asks waits so long for the answer, microseconds. */
	wait(microseconds: number): void;
	/** How long that is so far. */
	waited(): number;
}

export interface Strategy {
	/** Counts `metadata.generation` as spec changes; a number says from which minor on. */
	readonly counts?: boolean | number;
	/** Has a status subresource: create and update leave status alone. */
	readonly status?: boolean;
	/** Status a fresh object gets, with `status`. */
	initialStatus?(object: Draft, context: Context): Draft;
	/** Why admission forbids to create it, if it does. */
	admit?(object: Draft, context: Context): string | undefined;
	/** Why admission forbids to change it this way, if it does: asked after validation. */
	admitUpdate?(object: Draft, old: ApiObject, context: Context): string | undefined;
	/** Fills in what is missing. Writes into the draft. */
	defaults?(object: Draft, context: Context): void;
	/** What admission writes into a fresh object, after the defaults; nobody owns these fields. */
	admission?(object: Draft, context: Context): void;
	/** Takes over from the stored object what a writer may not or need not give. Writes into the draft. */
	keep?(object: Draft, old: ApiObject, context: Context): void;
	validate?(object: Draft, context: Context): readonly FieldError[];
	/** Beside `validate`: what nobody may create. */
	validateCreate?(object: Draft, context: Context): readonly FieldError[];
	/** Beside `validate`: what may not change. */
	validateUpdate?(object: Draft, old: ApiObject, context: Context): readonly FieldError[];
	/** What may not change is told before what is wrong with the object by itself. */
	readonly changesFirst?: true;
	/** Hands out addresses and ports, after validation. */
	allocate?(object: Draft, old: ApiObject | undefined, context: Context): readonly FieldError[];
	/** Rule of the name; a DNS-1123 subdomain when absent. */
	readonly name?: 'subdomain' | 'label' | 'label1035' | 'path';
}

/** All of them, by kind; kinds without one are stored as they come. */
export type Strategies = (resource: Resource) => Strategy;
