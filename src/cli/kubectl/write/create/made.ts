/**
 * What `kubectl create KIND` has in common: a name, an object made of flags, `--dry-run`, `-o`.
 *
 * Objects stand in the order of Go's structs, which `-o json` keeps; `-o yaml` sorts. Fields without a value that Go
 * prints all the same (`creationTimestamp: null`, `resources: {}`, `status: {}`) are shown and not sent.
 *
 * Source: kubernetes staging/src/k8s.io/kubectl/pkg/cmd/create/create.go @ v0.24.0.
 */
import type { ApiInput, ApiStatus } from '../../../../sim/api/index.ts';
import type { Command, Flag } from '../../../cobra/index.ts';
import { command, fail, type Kube, KubectlError, usageError, warn } from '../../kube.ts';
import { isMap } from '../../print/index.ts';
import { withConfiguration } from '../apply/last-applied.ts';
import { statusFault } from '../faults.ts';
import {
	asPrinted,
	DRY_RUN,
	dryRunOf,
	FIELD_MANAGER,
	operationPrinter,
	PRINT_FLAGS,
	SAVE_CONFIG,
	VALIDATE,
} from '../output.ts';

export type Made = Record<string, unknown>;

export interface KindOptions {
	readonly name: string;
	readonly aliases?: readonly string[];
	readonly use: string;
	readonly short: string;
	readonly example?: string;
	readonly flags?: readonly Flag[];
	/** Flags that must be given. */
	readonly required?: readonly string[];
	/** What stands before the server's message: `failed to create deployment: `; its own words when absent. */
	readonly failed?: string;
	make(kube: Kube, name: string, command: readonly string[]): Made | Promise<Made>;
}

/** Metadata as Go prints it, in order. The namespace only where one was asked for. */
export const metaOf = (kube: Kube, name: string, more: Made = {}, namespaced = true): Made => ({
	name,
	...(namespaced && kube.explicitNamespace ? { namespace: kube.namespace } : {}),
	creationTimestamp: null,
	...more,
});

/** Without what Go prints for nothing. */
export function withoutEmpty(value: unknown): unknown {
	if (Array.isArray(value)) return value.map(withoutEmpty);
	if (!isMap(value)) return value;
	const out: Made = {};
	for (const [key, item] of Object.entries(value)) {
		if (item === null || item === undefined) continue;
		const inner = withoutEmpty(item);
		if (isMap(inner) && Object.keys(inner).length === 0) continue;
		out[key] = inner;
	}
	return out;
}

/** JSON in the order it was made in, as encoding/json prints a struct. */
const structJson = (value: unknown): string =>
	`${JSON.stringify(value, null, 4).replace(/[<>&\u2028\u2029]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`)}\n`;

/** Sends an object that flags made, or only prints it. */
export async function submit(kube: Kube, made: Made, failed: string | undefined): Promise<void> {
	const { run, api } = kube;
	const dry = dryRunOf(run);
	const print = await operationPrinter(kube, dry);
	const version = String(made.apiVersion);
	const [group, own] = version.includes('/') ? (version.split('/') as [string, string]) : ['', version];
	const resource = api.resources().find((r) => r.kind === made.kind && r.group === group);
	if (!resource)
		return fail(`no matches for kind ${JSON.stringify(made.kind)} in version ${JSON.stringify(version || own)}`);
	const name = String((made.metadata as { readonly name?: unknown }).name);
	const whole = run.flags.on('save-config') ? withConfiguration(made) : made;
	if (dry === 'client') {
		if (run.flags.text('output').toLowerCase() === 'json') run.call.out(structJson(asPrinted(kube, whole)));
		else print(resource, name, whole, 'created');
		return;
	}
	const sent = withoutEmpty(whole) as { readonly metadata: Made } & Made;
	const input: ApiInput = resource.namespaced
		? { ...sent, metadata: { ...sent.metadata, namespace: kube.namespace } }
		: sent;
	const result = api.create(input, { dryRun: dry === 'server' });
	warn(kube, result.warnings);
	if (result.error) refuseMade(result.error, failed);
	else print(resource, result.value.metadata.name, result.value, 'created');
}

function refuseMade(status: ApiStatus, failed: string | undefined): never {
	if (failed === undefined) throw new KubectlError(statusFault(status).alone);
	return fail(`${failed}${status.message}`);
}

/** The one NAME of the arguments, before `--`. */
export function nameOf(kube: Kube): string {
	const { args, dash } = kube.run;
	const count = dash < 0 ? args.length : dash;
	if (count !== 1) return usageError(kube.run, `exactly one NAME is required, got ${count}`);
	return args[0]!;
}

const COMMON: readonly Flag[] = [...PRINT_FLAGS, DRY_RUN, FIELD_MANAGER, SAVE_CONFIG, VALIDATE];

export const kindCommand = (options: KindOptions): Command => ({
	name: options.name,
	...(options.aliases ? { aliases: options.aliases } : {}),
	use: options.use,
	short: options.short,
	...(options.example ? { example: options.example } : {}),
	flags: [...(options.flags ?? []), ...COMMON],
	run: command(async (kube) => {
		const missing = (options.required ?? []).filter((flag) => !kube.run.flags.given(flag));
		if (missing.length > 0) fail(`required flag(s) ${missing.map((flag) => `"${flag}"`).join(', ')} not set`);
		const name = nameOf(kube);
		await submit(kube, await options.make(kube, name, kube.run.args.slice(1)), options.failed);
		return 0;
	}),
});
