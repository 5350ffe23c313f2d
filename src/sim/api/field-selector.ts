/**
 * Field selectors: `metadata.name=x,status.phase!=Running`, and which fields each kind can be selected by.
 *
 * Source: k8s.io/apimachinery pkg/fields/selector.go, and the `AddFieldLabelConversionFunc` of
 * kubernetes pkg/apis/{core,apps,batch,certificates,events}/v1/conversion.go @ v1.24.0; `selectableFields` of definitions
 * apiextensions-apiserver pkg/apiserver/customresource_handler.go @ v1.31.0.
 */
import { at } from './json.ts';
import type { ApiObject, Resource } from './object.ts';
import type { Parsed } from './selector.ts';

export interface FieldRequirement {
	readonly field: string;
	readonly equals: boolean;
	readonly value: string;
}

const EVERY = ['metadata.name', 'metadata.namespace'];

const BY_KIND: Readonly<Record<string, readonly string[]>> = {
	Pod: [
		'spec.nodeName',
		'spec.restartPolicy',
		'spec.schedulerName',
		'spec.serviceAccountName',
		'spec.hostNetwork',
		'status.phase',
		'status.podIP',
		'status.podIPs',
		'status.nominatedNodeName',
	],
	Node: ['spec.unschedulable'],
	ReplicationController: ['status.replicas'],
	Event: [
		'involvedObject.kind',
		'involvedObject.namespace',
		'involvedObject.name',
		'involvedObject.uid',
		'involvedObject.apiVersion',
		'involvedObject.resourceVersion',
		'involvedObject.fieldPath',
		'reason',
		'reportingComponent',
		'source',
		'type',
	],
	Namespace: ['status.phase'],
	Secret: ['type'],
	Service: ['spec.clusterIP', 'spec.type'],
	Job: ['status.successful'],
	CertificateSigningRequest: ['spec.signerName'],
};

const unescaped = (value: string): Parsed<string> => {
	let out = '';
	for (let i = 0; i < value.length; i++) {
		const c = value[i]!;
		if (c === '\\') {
			const next = value[++i];
			if (next === undefined || !'\\,='.includes(next))
				return { error: `invalid field selector: invalid escape sequence: \\${next ?? ''}` };
			out += next;
		} else if (c === ',' || c === '=') return { error: `invalid field selector: unescaped character in value: ${c}` };
		else out += c;
	}
	return { value: out };
};

/** Splits at commas that are not escaped. */
const terms = (input: string): readonly string[] => {
	const out: string[] = [];
	let here = '';
	for (let i = 0; i < input.length; i++) {
		if (input[i] === '\\') here += input[i++]! + (input[i] ?? '');
		else if (input[i] === ',') {
			out.push(here);
			here = '';
		} else here += input[i];
	}
	out.push(here);
	return out;
};

/** Parses a field selector for one kind; refuses fields the kind cannot be selected by. */
export const parseFieldSelector = (
	{ kind, selectable, version }: Pick<Resource, 'kind' | 'selectable' | 'version'>,
	input: string,
): Parsed<readonly FieldRequirement[]> => {
	const out: FieldRequirement[] = [];
	for (const term of terms(input)) {
		if (term === '') continue;
		const m = /^(.*?)(!=|==|=)(.*)$/s.exec(term);
		if (!m) return { error: `invalid selector: '${input}'; can't understand '${term}'` };
		const value = unescaped(m[3]!);
		if (value.error !== undefined) return value;
		const field = m[1]!.trim();
		const own = selectable === undefined ? BY_KIND[kind] : selectable[version];
		if (!EVERY.includes(field) && !own?.includes(field)) return { error: `field label not supported: ${field}` };
		out.push({ field, equals: m[2] !== '!=', value: value.value! });
	}
	return { value: out };
};

/** The value of a selectable field as text; missing is the empty text, as Go's zero values are. */
const fieldOf = (object: ApiObject, field: string): string => {
	if (field === 'source') return String(at(object, 'source', 'component') ?? '');
	const found = at(object, ...field.split('.'));
	if (found === undefined || found === null) {
		if (field === 'spec.unschedulable' || field === 'spec.hostNetwork') return 'false';
		return '';
	}
	return String(found);
};

/** Whether an object is what all requirements want. */
export const selectsFields = (selector: readonly FieldRequirement[], object: ApiObject): boolean =>
	selector.every(({ field, equals, value }) => (fieldOf(object, field) === value) === equals);
