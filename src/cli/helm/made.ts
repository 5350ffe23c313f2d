/**
 * A revision that `helm install` or `helm upgrade` makes, and what is told of it.
 *
 * Source: helm cmd/helm/{install,status}.go, pkg/action/{install,upgrade}.go @ v3.9.4.
 */
import type { ApiInput } from '../../sim/api/index.ts';
import type { HelmRelease } from '../../sim/lab/index.ts';
import type { Run } from '../cobra/index.ts';
import type { Client } from '../kube/index.ts';
import { Interrupted } from '../tool.ts';
import { tellLacking } from './lacking.ts';
import { print } from './output.ts';
import { objectsOf, ownPart, renderOwn } from './own.ts';
import { releaseJson, status, wholeText } from './print.ts';
import { render, requestOf } from './release.ts';
import type { Wanted } from './wanted.ts';

/** What fetching a chart, rendering it and asking the server for each object takes, microseconds. */
export const WORK = 1.5e6;

/** The next revision as it would be kept, or why it cannot be made. */
export function made(
	run: Run,
	client: Client,
	want: Wanted,
	revision: number,
	description: string,
): { readonly release: HelmRelease; readonly objects: readonly ApiInput[] } | { readonly error: string } {
	const { call, flags } = run;
	const common = {
		name: want.name,
		namespace: client.namespace,
		revision,
		chart: want.chart,
		chartVersion: want.version,
		status: 'deployed' as const,
		updated: call.lab.now,
		description: flags.text('description') || description,
		values: want.values,
	};
	if (want.own) {
		const result = renderOwn(call, client, {
			name: want.name,
			values: want.values,
			typed: want.own.typed,
			chart: want.own.chart,
			revision,
			upgrade: revision > 1,
			dryRun: flags.on('dry-run'),
			subNotes: flags.on('render-subchart-notes'),
		});
		if ('error' in result) return result;
		const objects = objectsOf(client.api, result.manifests, want.name, client.namespace);
		return {
			objects,
			release: {
				...common,
				appVersion: want.own.chart.metadata.appVersion ?? '',
				manifests: objects as never,
				notes: result.notes,
				own: ownPart(result),
			},
		};
	}
	const rendered = render(client, want);
	if ('error' in rendered) return rendered;
	tellLacking(call, requestOf(client, want));
	return {
		objects: rendered.manifests,
		release: { ...common, appVersion: want.version, manifests: rendered.manifests as never, notes: rendered.notes },
	};
}

/** Whether values are shown too (cmd/helm/status.go statusPrinter.debug); of Cilium's chart there are none to show. */
export const debug = (run: Run, release: HelmRelease): boolean => run.flags.on('debug') && release.own !== undefined;

/** Ctrl-C ends an install or upgrade as a failed one (cmd/helm/install.go, handling of SIGTERM). */
export async function cancellable(
	{ call }: Run,
	name: string,
	fail: (text: string) => Promise<string>,
	body: () => Promise<string | undefined>,
): Promise<string | undefined> {
	try {
		return await body();
	} catch (fault) {
		if (!(fault instanceof Interrupted)) throw fault;
		call.out(`Release ${name} has been cancelled.\n`);
		call.err(`Error: ${await fail('context canceled')}\n`);
		throw fault;
	}
}

/** What a release that was written or would be is told as (pkg/cli/output, cmd/helm/status.go statusPrinter). */
export function tell(run: Run, release: HelmRelease, first: string): string | undefined {
	if (run.flags.text('output') !== 'table') return print(run, releaseJson(run.call.lab, release), () => '');
	const { lab } = run.call;
	run.call.out(`${first}${debug(run, release) ? wholeText(lab, release, true) : status(lab, release)}`);
	return undefined;
}

/** How a command begins that could not do it. */
export const failed = (what: string, text: string): string => `${what} FAILED: ${text}`;
