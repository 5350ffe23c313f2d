/**
 * Templates of a chart, rendered.
 *
 * Source: helm pkg/engine/{engine,funcs,files,lookup_func}.go, pkg/chartutil/capabilities.go @ v3.9.4.
 */
import {
	CallError,
	type Data,
	type Functions,
	GoStruct,
	isTable,
	TemplateError,
	TemplateSet,
} from '../../gotemplate/index.ts';
import { printYaml } from '../../kube/index.ts';
import { fromJson, fromYaml } from './from-text.ts';
import { type Chart, textOf } from './load.ts';
import { DATA, toJson } from './sprig-data.ts';
import { hostFunctions } from './sprig-host.ts';
import { TEXT } from './sprig-text.ts';
import { plain } from './sprig-values.ts';

export interface Surrounding {
	readonly release: string;
	readonly namespace: string;
	readonly revision: number;
	readonly upgrade: boolean;
	/** `v1.24.0`. */
	readonly kubernetes: string;
	/** `apps/v1`, `apps/v1/Deployment`, …. */
	readonly apis: ReadonlySet<string>;
	/** Microseconds since 1970. */
	readonly now: number;
	/** `required` and `fail` do not stop `helm lint`. */
	readonly lint: boolean;
	/** A number below the bound. */
	draw(bound: number): number;
	/** An object of the cluster, a list of them where the name is empty; an empty table where there is none. */
	lookup?(apiVersion: string, kind: string, namespace: string, name: string): Data;
	warn(text: string): void;
}

const MARK = /HELM_ERR_START([\s\S]*)HELM_ERR_END/;

interface Renderable {
	readonly source: string;
	readonly values: { [key: string]: Data };
	readonly basePath: string;
}

const yamlText = (value: Data): string => printYaml(plain(value)).replace(/\n$/, '');

/** `.Files` (pkg/engine/files.go). */
function filesOf(chart: Chart): GoStruct {
	const entries = new Map(chart.files.map((file) => [file.name, file] as const));
	const make = (some: typeof entries): GoStruct =>
		new GoStruct(
			'engine.files',
			{},
			{
				Get: (name: Data) => (some.has(String(name)) ? textOf(some.get(String(name))!) : ''),
				GetBytes: (name: Data) => (some.has(String(name)) ? textOf(some.get(String(name))!) : ''),
				Glob: (pattern: Data) => {
					const test = new RegExp(
						`^${String(pattern)
							.replace(/[.+^$()|\\]/g, '\\$&')
							.replace(/\*\*/g, '\0')
							.replace(/\*/g, '[^/]*')
							.replaceAll('\0', '.*')
							.replace(/\?/g, '[^/]')
							.replace(/\{([^}]*)\}/g, (_, inner: string) => `(?:${inner.replaceAll(',', '|')})`)}$`,
					);
					return make(new Map([...some].filter(([name]) => test.test(name))));
				},
				AsConfig: () => mapText(some, (file) => textOf(file)),
				AsSecrets: () => mapText(some, (file) => btoa(String.fromCharCode(...file.data))),
				Lines: (name: Data) => (some.has(String(name)) ? textOf(some.get(String(name))!).split('\n') : []),
			},
		);
	const mapText = (some: typeof entries, of: (file: Chart['files'][number]) => string): string =>
		some.size === 0
			? '{}'
			: yamlText(Object.fromEntries([...some].map(([name, file]) => [name.split('/').at(-1)!, of(file)])));
	return make(entries);
}

const chartStruct = (chart: Chart, root: boolean): GoStruct => {
	const { metadata } = chart;
	const text = (key: string): string => (typeof metadata[key] === 'string' ? (metadata[key] as string) : '');
	return new GoStruct('struct { chart.Metadata; IsRoot bool }', {
		Name: metadata.name,
		Home: text('home'),
		Sources: (metadata.sources as Data) ?? [],
		Version: String(metadata.version),
		Description: text('description'),
		Keywords: (metadata.keywords as Data) ?? [],
		Maintainers: ((metadata.maintainers as readonly Record<string, Data>[] | undefined) ?? []).map(
			({ name = '', email = '', url = '' }) => ({ Name: name, Email: email, URL: url }),
		),
		Icon: text('icon'),
		APIVersion: metadata.apiVersion,
		Condition: text('condition'),
		Tags: text('tags'),
		AppVersion: text('appVersion'),
		Deprecated: metadata.deprecated === true,
		Annotations: (metadata.annotations as Data) ?? {},
		KubeVersion: text('kubeVersion'),
		Dependencies: (metadata.dependencies as Data) ?? [],
		Type: text('type'),
		IsRoot: root,
	});
};

function capabilities({ kubernetes, apis }: Surrounding): Data {
	const [, major = '1', minor = '24'] = /^v?(\d+)\.(\d+)/.exec(kubernetes) ?? [];
	const kube = new GoStruct(
		'chartutil.KubeVersion',
		{ Version: kubernetes, Major: major, Minor: minor, GitVersion: kubernetes },
		{ String: () => kubernetes },
	);
	return new GoStruct('*chartutil.Capabilities', {
		KubeVersion: kube,
		APIVersions: new GoStruct('chartutil.VersionSet', {}, { Has: (api: Data) => apis.has(String(api)) }),
		HelmVersion: new GoStruct('helmversion.BuildInfo', {
			Version: 'v3.9.4',
			GitCommit: 'dbc6d8e20fe1d58d50e6ed30f09a04a77e4c68db',
			GitTreeState: 'clean',
			GoVersion: 'go1.17.13',
		}),
	});
}

function collect(
	chart: Chart,
	path: string,
	top: { readonly [key: string]: Data },
	values: Data,
	root: boolean,
	into: Map<string, Renderable>,
): Data {
	const below: { [key: string]: Data } = {};
	const next: { [key: string]: Data } = {
		Chart: chartStruct(chart, root),
		Files: filesOf(chart),
		Release: top.Release,
		Capabilities: top.Capabilities,
		Values: values,
		Subcharts: below,
	};
	for (const child of chart.dependencies) {
		const { name } = child.metadata;
		below[name] = collect(
			child,
			`${path}/charts/${name}`,
			top,
			isTable(values) ? (values[name] ?? {}) : {},
			false,
			into,
		);
	}
	for (const file of chart.templates) {
		if (chart.metadata.type?.toLowerCase() === 'library' && !file.name.split('/').at(-1)!.startsWith('_')) continue;
		into.set(`${path}/${file.name}`, { source: textOf(file), values: next, basePath: `${path}/templates` });
	}
	return next;
}

/** Deepest first, then backwards by name (sortTemplates). */
const ordered = (names: Iterable<string>): readonly string[] =>
	[...names].sort((a, b) => b.split('/').length - a.split('/').length || (a < b ? 1 : a > b ? -1 : 0));

class Engine {
	readonly around: Surrounding;
	readonly all: ReadonlyMap<string, Renderable>;
	#deep = 0;

	constructor(around: Surrounding, all: ReadonlyMap<string, Renderable>) {
		this.around = around;
		this.all = all;
	}

	render(some: ReadonlyMap<string, Renderable>): Map<string, string> {
		const set: TemplateSet = new TemplateSet(this.functions(() => set));
		const add = (name: string, source: string): void => {
			try {
				set.parse(name, source);
			} catch (fault) {
				if (!(fault instanceof TemplateError)) throw fault;
				const parts = fault.message.split(': ');
				throw new TemplateError(`parse error at (${parts[1]}): ${parts.slice(2).at(-1)}`);
			}
		};
		for (const name of ordered(some.keys())) add(name, some.get(name)!.source);
		for (const name of ordered(this.all.keys())) if (!set.has(name)) add(name, this.all.get(name)!.source);
		const out = new Map<string, string>();
		for (const name of ordered(some.keys())) {
			if (name.split('/').at(-1)!.startsWith('_')) continue;
			const { values, basePath } = some.get(name)!;
			values.Template = { Name: name, BasePath: basePath };
			try {
				out.set(name, set.execute(name, values).replaceAll('<no value>', ''));
			} catch (fault) {
				if (!(fault instanceof TemplateError)) throw fault;
				const parts = fault.message.split(': ');
				const marked = MARK.exec(parts.slice(2).join(': '));
				throw marked ? new TemplateError(`execution error at (${parts[1]}): ${marked[1]}`) : fault;
			}
		}
		return out;
	}

	functions(set: () => TemplateSet): Functions {
		const { around } = this;
		const nested = new Map<string, number>();
		const refuse = (message: string): Data => {
			throw new CallError(`HELM_ERR_START${message}HELM_ERR_END`);
		};
		return {
			...TEXT,
			...DATA,
			...hostFunctions(around),
			toJson: { types: 'a', call: toJson },
			fromJson: { types: 's', call: (text) => fromJson(String(text), false) },
			fromJsonArray: { types: 's', call: (text) => fromJson(String(text), true) },
			toYaml: { types: 'a', call: yamlText },
			fromYaml: { types: 's', call: (text) => fromYaml(String(text), false) },
			fromYamlArray: { types: 's', call: (text) => fromYaml(String(text), true) },
			include: {
				types: 'sa',
				call: (name, data) => {
					const times = nested.get(String(name)) ?? 0;
					if (times > 150)
						throw new CallError(
							`rendering template has a nested reference name: ${String(name)}: unable to execute template`,
						);
					nested.set(String(name), times + 1);
					try {
						return set().execute(String(name), data);
					} finally {
						nested.set(String(name), times);
					}
				},
			},
			tpl: {
				types: 'sa',
				call: (source, values) => {
					const template = isTable(values) ? values.Template : undefined;
					if (!isTable(template))
						throw new CallError(
							`cannot retrieve Template.Basepath from values inside tpl function: ${String(source)}: "BasePath" is not a value`,
						);
					const name = String(template.Name);
					if (++this.#deep > 30) throw new CallError('the simulator nests tpl no deeper than thirty times');
					try {
						const one = new Map([
							[
								name,
								{
									source: String(source),
									values: values as { [key: string]: Data },
									basePath: String(template.BasePath),
								},
							],
						]);
						return this.render(one).get(name) ?? '';
					} catch (fault) {
						if (!(fault instanceof TemplateError)) throw fault;
						throw new CallError(`error during tpl function execution for ${JSON.stringify(source)}: ${fault.message}`);
					} finally {
						this.#deep--;
					}
				},
			},
			required: {
				types: 'sa',
				call: (message, value) => {
					if (value !== undefined && value !== null && value !== '') return value;
					if (!around.lint) return refuse(String(message));
					around.warn(`[INFO] Missing required value: ${String(message)}`);
					return '';
				},
			},
			fail: {
				types: 's',
				call: (message) => {
					if (!around.lint) return refuse(String(message));
					around.warn(`[INFO] Fail: ${String(message)}`);
					return '';
				},
			},
			lookup: {
				types: 'ssss',
				call: (api, kind, namespace, name) =>
					around.lookup?.(String(api), String(kind), String(namespace), String(name)) ?? {},
			},
		};
	}
}

/** Texts of all templates by their path (`demo/templates/service.yaml`); throws TemplateError. */
export function renderTemplates(chart: Chart, values: Data, around: Surrounding): ReadonlyMap<string, string> {
	const top = {
		Release: {
			Name: around.release,
			Namespace: around.namespace,
			IsUpgrade: around.upgrade,
			IsInstall: !around.upgrade,
			Revision: BigInt(around.revision),
			Service: 'Helm',
		},
		Capabilities: capabilities(around),
	};
	const all = new Map<string, Renderable>();
	collect(chart, chart.metadata.name, top, values, true, all);
	return new Engine(around, all).render(all);
}
