/** CertificateSigningRequests. Source: describe.go (describeCertificateSigningRequest) @ kubectl v0.24.0. */
import { type ApiObject, readPem, readRequest } from '../../../sim/api/index.ts';
import { text } from '../print/index.ts';
import { type Description, labelsText, timeText } from './description.ts';

/** Attributes of a subject that are lists, in the describer's order, by their object identifiers (X.520). */
const LISTS: readonly (readonly [title: string, type: string])[] = [
	['Organization', '2.5.4.10'],
	['Organizational Unit', '2.5.4.11'],
	['Country', '2.5.4.6'],
	['Locality', '2.5.4.7'],
	['Province', '2.5.4.8'],
	['StreetAddress', '2.5.4.9'],
	['PostalCode', '2.5.4.17'],
];

/** What is asked for in the name of whom; undefined where the octets are no request. */
function requestOf(csr: ApiObject) {
	try {
		const block = readPem(atob(text(csr, 'spec', 'request')));
		return block && readRequest(block.octets);
	} catch {
		return undefined;
	}
}

export function describeSigningRequest(d: Description, csr: ApiObject): void {
	const resource = d.api.find('certificatesigningrequests')!;
	const { columns, rows } = d.api.table(resource, [csr]);
	const cell = (name: string): string => rows[0]?.[columns.findIndex((column) => column.name === name)] ?? '';
	const { name, labels, annotations, creationTimestamp } = csr.metadata;
	d.line(0, 'Name', name);
	d.line(0, 'Labels', labelsText(labels));
	d.line(0, 'Annotations', labelsText(annotations));
	d.line(0, 'CreationTimestamp', timeText(creationTimestamp));
	d.line(0, 'Requesting User', text(csr, 'spec', 'username'));
	d.optional(0, 'Signer', text(csr, 'spec', 'signerName'));
	if (text(csr, 'spec', 'expirationSeconds') !== '') d.line(0, 'Requested Duration', cell('RequestedDuration'));
	d.line(0, 'Status', cell('Condition'));
	const names = requestOf(csr)?.names ?? [];
	const of = (type: string): readonly string[] => names.flatMap(([own, value]) => (own === type ? [value] : []));
	d.put(0, 'Subject:\n');
	d.put(0, `\tCommon Name:\t${of('2.5.4.3').at(-1) ?? ''}\n`);
	d.put(0, `\tSerial Number:\t${of('2.5.4.5').at(-1) ?? ''}\n`);
	for (const [title, type] of LISTS) {
		const values = of(type);
		if (values.length > 0) d.put(0, `\t${title}:\t${values.join('\n\t\t')}\n`);
	}
	d.events(csr);
}
