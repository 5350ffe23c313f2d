/** One chart with values and surroundings to what a release holds. Source: helm pkg/action/action.go renderResources @ v3.9.4. */
import type { ApiServer } from '../../../sim/api/index.ts';
import type { Values } from '../../../sim/charts/index.ts';
import { type Data, TemplateError } from '../../gotemplate/index.ts';
import type { Call } from '../../tool.ts';
import { wall } from '../print.ts';
import { renderTemplates, type Surrounding } from './engine.ts';
import { type Chart, type Failure, textOf } from './load.ts';
import { type Hook, type Piece, sortManifests } from './manifests.ts';
import { parseVersion, satisfies } from './semver.ts';
import { plain } from './sprig-values.ts';
import { coalesce, missing, withEnabled } from './values.ts';

export interface Result {
	readonly manifests: readonly Piece[];
	readonly hooks: readonly Hook[];
	readonly notes: string;
	/** All values, as the templates had them. */
	readonly values: Values;
	/** Texts of the files: `--debug`, `helm lint`. */
	readonly files: ReadonlyMap<string, string>;
	readonly chart: Chart;
}

export interface Asked {
	readonly name: string;
	readonly namespace: string;
	readonly revision: number;
	readonly upgrade: boolean;
	readonly values: Data;
	readonly kubernetes: string;
	readonly apis: readonly string[];
	readonly api?: ApiServer;
	readonly lint?: boolean;
	readonly subNotes?: boolean;
	/** Is told all texts where one is no YAML: `--debug` shows them. */
	broken?(files: ReadonlyMap<string, string>): void;
}

const BUILT_IN =
	`v1 apps/v1 batch/v1 batch/v1beta1 autoscaling/v1 autoscaling/v2 autoscaling/v2beta2 networking.k8s.io/v1
policy/v1 policy/v1beta1 rbac.authorization.k8s.io/v1 storage.k8s.io/v1 apiextensions.k8s.io/v1 coordination.k8s.io/v1
discovery.k8s.io/v1 events.k8s.io/v1 certificates.k8s.io/v1 admissionregistration.k8s.io/v1 apiregistration.k8s.io/v1
scheduling.k8s.io/v1 authentication.k8s.io/v1 authorization.k8s.io/v1 node.k8s.io/v1`.split(/\s+/);

const groupVersion = ({ group, version }: { readonly group: string; readonly version: string }): string =>
	group === '' ? version : `${group}/${version}`;

/** `apps/v1` and `apps/v1/Deployment` of a server; a client's own list without one. */
function apisOf(api: ApiServer | undefined, more: readonly string[]): ReadonlySet<string> {
	const out = new Set(more);
	for (const name of api ? [] : BUILT_IN) out.add(name);
	for (const resource of api?.resources() ?? [])
		out.add(groupVersion(resource)).add(`${groupVersion(resource)}/${resource.kind}`);
	return out;
}

function lookup(api: ApiServer, apiVersion: string, kind: string, namespace: string, name: string): Data {
	const resource = api.resources().find((one) => one.kind === kind && groupVersion(one) === apiVersion);
	if (!resource) return {};
	const scope = resource.namespaced && namespace !== '' ? namespace : undefined;
	if (name !== '') return (api.get(resource, scope, name) as Data) ?? {};
	return {
		apiVersion,
		kind: `${kind}List`,
		items: api.list(resource, scope === undefined ? {} : { namespace: scope }) as Data,
	};
}

/** Renders; an error has helm's words. */
export function renderChart(call: Pick<Call, 'lab' | 'err'>, chart: Chart, asked: Asked): Result | Failure {
	const absent = missing(chart);
	if (absent.length > 0 && !asked.lint)
		return {
			error: `An error occurred while checking for chart dependencies. You may need to run \`helm dependency build\` to fetch missing dependencies: found in Chart.yaml, but missing in charts/ directory: ${absent.join(', ')}`,
		};
	const on = withEnabled(chart, asked.values);
	const warn = (text: string): void => call.err(`${text}\n`);
	const values = coalesce(on, asked.values, warn);
	const needs = chart.metadata.kubeVersion;
	if (needs && satisfies(needs, parseVersion(asked.kubernetes)) !== true)
		return { error: `chart requires kubeVersion: ${needs} which is incompatible with Kubernetes ${asked.kubernetes}` };
	if (chart.schema !== undefined) warn('the simulator’s helm does not check values against values.schema.json');
	const { lab } = call;
	const api = asked.api;
	let draws = 0;
	const around: Surrounding = {
		release: asked.name,
		namespace: asked.namespace,
		revision: asked.revision,
		upgrade: asked.upgrade,
		kubernetes: asked.kubernetes,
		apis: apisOf(api, asked.apis),
		now: wall(lab, lab.now),
		lint: asked.lint === true,
		draw: (bound) => lab.random('helm template', `${asked.name} ${lab.now} ${draws++}`, bound),
		...(api ? { lookup: (a: string, k: string, ns: string, n: string) => lookup(api, a, k, ns, n) } : {}),
		warn,
	};
	let files: ReadonlyMap<string, string>;
	try {
		files = renderTemplates(on, values, around);
	} catch (fault) {
		if (!(fault instanceof TemplateError)) throw fault;
		return { error: fault.message };
	}
	const isNotes = (path: string): boolean => path.endsWith('NOTES.txt');
	const own = `${chart.metadata.name}/templates/NOTES.txt`;
	const notes = [...files]
		.filter(([path]) => isNotes(path) && (asked.subNotes || path === own))
		.map(([, text]) => text)
		.join('\n');
	const rest = new Map([...files].filter(([path]) => !isNotes(path)));
	const sorted = asked.lint ? { manifests: [], hooks: [], warnings: [] } : sortManifests(rest);
	if ('error' in sorted) {
		asked.broken?.(rest);
		return sorted;
	}
	sorted.warnings.forEach(warn);
	return {
		manifests: sorted.manifests,
		hooks: sorted.hooks,
		notes,
		values: plain(values) as Values,
		files,
		chart: on,
	};
}

/** Custom resources of crds/, with those of the charts below. */
export function customResources(
	chart: Chart,
	path = chart.metadata.name,
): readonly { readonly path: string; readonly text: string }[] {
	return [
		...chart.files
			.filter(({ name }) => name.startsWith('crds/'))
			.map((file) => ({ path: file.name, text: textOf(file) })),
		...chart.dependencies.flatMap((child) => customResources(child, `${path}/charts/${child.metadata.name}`)),
	];
}
