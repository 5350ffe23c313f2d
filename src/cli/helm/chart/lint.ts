/** `helm lint`. Source: helm pkg/lint/rules/{chartfile,values,template,dependencies}.go, pkg/lint/support/message.go @ v3.9.4. */
import type { Data } from '../../gotemplate/index.ts';
import { readManifests } from '../../kube/index.ts';
import type { Call, Files } from '../../tool.ts';
import { type Chart, type Failure, isFailure, loadChart, readTable, textOf } from './load.ts';
import { splitDocuments } from './manifests.ts';
import { renderChart } from './render.ts';
import { parseVersion } from './semver.ts';

export interface Message {
	readonly severity: 'INFO' | 'WARNING' | 'ERROR';
	readonly path: string;
	readonly text: string;
}

const URL_WORDS = /^[a-z][a-z0-9+.-]*:\/\/\S+$/i;

function chartFile(
	table: Readonly<Record<string, unknown>>,
	say: (severity: Message['severity'], text: string) => void,
): void {
	const text = (key: string): string => (typeof table[key] === 'string' ? (table[key] as string) : '');
	if (!table.name) say('ERROR', 'name is required');
	if (!table.apiVersion) say('ERROR', 'apiVersion is required. The value must be either "v1" or "v2"');
	else if (!['v1', 'v2'].includes(text('apiVersion')))
		say('ERROR', `apiVersion '${String(table.apiVersion)}' is not valid. The value must be either "v1" or "v2"`);
	for (const key of ['version', 'appVersion'])
		if (table[key] !== undefined && typeof table[key] !== 'string')
			say(
				'ERROR',
				`${key} should be of type string but it's of type ${typeof table[key] === 'number' ? 'float64' : typeof table[key]}`,
			);
	const version = table.version === undefined ? '' : String(table.version);
	if (version === '') say('ERROR', 'version is required');
	else if (!parseVersion(version)) say('ERROR', `version '${version}' is not a valid SemVer`);
	for (const maintainer of (table.maintainers as readonly Record<string, string>[] | undefined) ?? []) {
		if (!maintainer.name) say('ERROR', 'each maintainer requires a name');
		else if (maintainer.email && !/^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(maintainer.email))
			say('ERROR', `invalid email '${maintainer.email}' for maintainer '${maintainer.name}'`);
	}
	for (const source of (table.sources as readonly string[] | undefined) ?? [])
		if (!URL_WORDS.test(source)) say('ERROR', `invalid source URL '${source}'`);
	if (!table.icon) say('INFO', 'icon is recommended');
	else if (!URL_WORDS.test(text('icon'))) say('ERROR', `invalid icon URL '${text('icon')}'`);
	if (table.type && text('apiVersion') !== 'v2')
		say('ERROR', `chart type is not valid in apiVersion '${text('apiVersion')}'. It is valid in apiVersion 'v2'`);
	if (Array.isArray(table.dependencies) && table.dependencies.length > 0 && text('apiVersion') !== 'v2')
		say(
			'ERROR',
			`dependencies are not valid in the Chart file with apiVersion '${text('apiVersion')}'. They are valid in apiVersion 'v2'`,
		);
}

/** Kinds and versions that are gone or going (k8s.io/kubernetes lifecycle of APIs, pkg/lint/rules/deprecations.go). */
const GOING: Readonly<Record<string, string>> = {
	'extensions/v1beta1 Ingress': 'networking.k8s.io/v1 Ingress',
	'extensions/v1beta1 Deployment': 'apps/v1 Deployment',
	'extensions/v1beta1 DaemonSet': 'apps/v1 DaemonSet',
	'apps/v1beta1 Deployment': 'apps/v1 Deployment',
	'apps/v1beta2 Deployment': 'apps/v1 Deployment',
	'networking.k8s.io/v1beta1 Ingress': 'networking.k8s.io/v1 Ingress',
};

const NAME = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

function objects(content: string, say: (severity: Message['severity'], text: string) => void): void {
	const first = content.split('\n').find((line) => line.trim() !== '');
	if (first && /^[ \t]/.test(first))
		say(
			'WARNING',
			`document starts with an illegal indent: ${JSON.stringify(first)}, which may cause parsing problems`,
		);
	for (const text of splitDocuments(content)) {
		const read = readManifests(text, 'yaml');
		if ('error' in read) {
			say('ERROR', `unable to parse YAML: ${read.error}`);
			return;
		}
		const object = read[0]?.value as Readonly<Record<string, unknown>> | undefined;
		if (!object || typeof object !== 'object') continue;
		const meta = (object.metadata ?? {}) as { readonly name?: unknown };
		const name = String(meta.name ?? '');
		const kind = String(object.kind ?? '');
		const free = ['Role', 'ClusterRole', 'RoleBinding', 'ClusterRoleBinding', 'CertificateSigningRequest'].includes(
			kind,
		);
		if (!free && !NAME.test(name))
			say(
				'WARNING',
				`object name does not conform to Kubernetes naming requirements: ${JSON.stringify(name)}: metadata.name: Invalid value: ${JSON.stringify(name)}: a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')`,
			);
		const instead = GOING[`${String(object.apiVersion)} ${kind}`];
		if (instead)
			say(
				'WARNING',
				`${String(object.apiVersion)} ${kind} is deprecated in v1.14+, unavailable in v1.22+; use ${instead}`,
			);
		if (
			['Deployment', 'ReplicaSet', 'DaemonSet', 'StatefulSet'].includes(kind) &&
			!/matchLabels|matchExpressions/.test(content)
		)
			say('ERROR', `a ${kind} must contain matchLabels or matchExpressions, and ${JSON.stringify(name)} does not`);
	}
}

/** What is to be said of a chart; or why there is none. */
export async function lintChart(
	call: Call,
	files: Files,
	path: string,
	namespace: string,
	values: Data,
): Promise<readonly Message[] | Failure> {
	const archive = /\.(?:tgz|tar\.gz)$/.test(path);
	const own = archive ? undefined : await files.read(`${path}/Chart.yaml`);
	const loaded: Chart | Failure | undefined = await loadChart(files, path);
	if (archive && !loaded) return { error: `unable to open tarball: open ${path}: no such file or directory` };
	if (!archive && own === undefined)
		return {
			error: `unable to check Chart.yaml file in chart: stat ${path === '.' ? '' : `${path.replace(/\/+$/, '').replace(/^\.\//, '')}/`}Chart.yaml: no such file or directory`,
		};
	const out: Message[] = [];
	const at =
		(where: string) =>
		(severity: Message['severity'], text: string): void =>
			void out.push({ severity, path: where, text });
	const table = own === undefined ? ((loaded as Chart).metadata as Readonly<Record<string, unknown>>) : readTable(own);
	if (isFailure(table)) at('Chart.yaml')('ERROR', `unable to parse YAML\n\t${table.error}`);
	else chartFile(table, at('Chart.yaml'));
	const text = archive
		? (loaded as Chart).values === undefined
			? undefined
			: ''
		: await files.read(`${path}/values.yaml`);
	if (text === undefined) at('values.yaml')('INFO', 'file does not exist');
	else {
		const read = readTable(text);
		if (isFailure(read)) at('values.yaml')('ERROR', `unable to parse YAML: ${read.error}`);
	}
	if (!archive && (await files.list(`${path}/templates`)) === undefined) {
		at('templates/')('WARNING', 'directory not found');
		if (loaded && 'error' in loaded) at('')('ERROR', `unable to load chart\n\t${loaded.error}`);
		return out;
	}
	if (!loaded || 'error' in loaded) {
		at('templates/')('ERROR', loaded?.error ?? 'no chart');
		at('')('ERROR', `unable to load chart\n\t${loaded?.error ?? 'no chart'}`);
		return out;
	}
	const rendered = renderChart(call, loaded, {
		name: 'test-release',
		namespace,
		revision: 0,
		upgrade: false,
		values,
		kubernetes: 'v1.24.0',
		apis: [],
		lint: true,
	});
	if ('error' in rendered) at('templates/')('ERROR', rendered.error);
	else
		for (const file of loaded.templates) {
			const say = at(file.name);
			const ext = /\.[^./]*$/.exec(file.name)?.[0] ?? '';
			if (!['.yaml', '.yml', '.tpl', '.txt'].includes(ext))
				say('ERROR', `file extension '${ext}' not valid. Valid extensions are .yaml, .yml, .tpl, or .txt`);
			if (/"?helm\.sh\/hook"?:\s+crd-install/.test(textOf(file)))
				say(
					'WARNING',
					'manifest is a crd-install hook. This hook is no longer supported in v3 and all CRDs should also exist the crds/ directory at the top level of the chart',
				);
			if (/\.Release\.Time/.test(textOf(file)))
				say('ERROR', '.Release.Time has been removed in v3, please replace with the `now` function in your templates');
			const content = rendered.files.get(`${loaded.metadata.name}/${file.name}`) ?? '';
			if (ext === '.yaml' && content.trim() !== '') objects(content, say);
		}
	const declared = loaded.metadata.dependencies ?? [];
	const lost = declared
		.map(({ name }) => name)
		.filter((name) => !loaded.dependencies.some((child) => child.metadata.name === name));
	if (lost.length > 0) at('')('WARNING', `chart directory is missing these dependencies: ${lost.join(',')}`);
	const strange = loaded.dependencies
		.map((child) => child.metadata.name)
		.filter((name) => !declared.some((one) => one.name === name));
	if (strange.length > 0) at('')('ERROR', `chart metadata is missing these dependencies: ${strange.join(',')}`);
	return out;
}

export const messageLine = ({ severity, path, text }: Message): string => `[${severity}] ${path}: ${text}\n`;
