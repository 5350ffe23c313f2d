/** Endpoints and their slices. Source: kubernetes pkg/apis/{core,discovery}/validation/validation.go @ v1.24.0. */
import { parseIp } from '../../wire/index.ts';
import { type Draft, subs, text, texts } from '../json.ts';
import { duplicate, type FieldError, invalidValue, notSupported, required } from '../status.ts';
import { ipErrors, isIp, named, oneOf, portNumber } from './parts.ts';
import { labelName } from './selectors.ts';
import { specialIp } from './services.ts';

const PROTOCOLS = ['SCTP', 'TCP', 'UDP'];

const address = (of: Draft, field: string): FieldError[] => {
	const ip = text(of, 'ip') ?? '';
	const [host, node] = [text(of, 'hostname') ?? '', text(of, 'nodeName')];
	return [
		...ipErrors(ip, `${field}.ip`),
		...(host === '' ? [] : named(host, `${field}.hostname`, 'label')),
		...(node === undefined ? [] : named(node, `${field}.nodeName`)),
		...(isIp(ip) ? specialIp(ip, `${field}.ip`) : [invalidValue(`${field}.ip`, ip, 'must be a valid IP address')]),
	];
};

/** validateEndpointSubsets() */
export const endpointsErrors = (object: Draft): FieldError[] =>
	subs(object, 'subsets').flatMap((subset, i) => {
		const here = `subsets[${i}]`;
		const [ready, other] = [subs(subset, 'addresses'), subs(subset, 'notReadyAddresses')];
		const ports = subs(subset, 'ports');
		return [
			...(ready.length + other.length > 0 ? [] : [required(here, 'must specify `addresses` or `notReadyAddresses`')]),
			...ready.flatMap((of, j) => address(of, `${here}.addresses[${j}]`)),
			...other.flatMap((of, j) => address(of, `${here}.notReadyAddresses[${j}]`)),
			...ports.flatMap((port, j) => {
				const at = `${here}.ports[${j}]`;
				const name = text(port, 'name') ?? '';
				return [
					...(name === '' ? (ports.length > 1 ? [required(`${at}.name`)] : []) : named(name, `${at}.name`, 'label')),
					...portNumber(port.port, `${at}.port`),
					...oneOf(`${at}.protocol`, port.protocol, PROTOCOLS),
				];
			}),
		];
	});

const KINDS = ['FQDN', 'IPv4', 'IPv6'];

const sliceAddress = (value: string, kind: string, field: string): FieldError[] => {
	if (kind === 'FQDN') return named(value.replace(/\.$/, ''), field);
	const right = kind === 'IPv4' ? parseIp(value) !== undefined : value.includes(':') && isIp(value);
	return [
		...(right ? [] : [invalidValue(field, value, `must be a valid ${kind} address`)]),
		...(isIp(value) ? specialIp(value, field) : [invalidValue(field, value, 'must be a valid IP address')]),
	];
};

/** ValidateEndpointSlice() */
export const sliceErrors = (object: Draft): FieldError[] => {
	const kind = text(object, 'addressType') ?? '';
	const errors: FieldError[] = [];
	if (kind === '') errors.push(required('addressType'));
	else if (!KINDS.includes(kind)) errors.push(notSupported('addressType', kind, KINDS));
	for (const [i, endpoint] of subs(object, 'endpoints').entries()) {
		const here = `endpoints[${i}]`;
		const addresses = texts(endpoint, 'addresses');
		if (addresses.length === 0) errors.push(required(`${here}.addresses`, 'must contain at least 1 address'));
		if (KINDS.includes(kind))
			errors.push(...addresses.flatMap((value, j) => sliceAddress(value, kind, `${here}.addresses[${j}]`)));
		const [node, host] = [text(endpoint, 'nodeName'), text(endpoint, 'hostname')];
		if (node !== undefined) errors.push(...named(node, `${here}.nodeName`));
		if (host !== undefined) errors.push(...named(host, `${here}.hostname`, 'label'));
	}
	const names = new Set<string>();
	for (const [i, port] of subs(object, 'ports').entries()) {
		const here = `ports[${i}]`;
		const name = text(port, 'name') ?? '';
		if (name !== '') errors.push(...named(name, `${here}.name`, 'label'));
		if (names.has(name)) errors.push(duplicate(`${here}.name`, name));
		names.add(name);
		errors.push(...oneOf(`${here}.protocol`, port.protocol, PROTOCOLS));
		const protocol = text(port, 'appProtocol');
		if (protocol !== undefined) errors.push(...labelName(protocol, `${here}.appProtocol`));
	}
	return errors;
};
