import { describe, expect, test } from 'vitest';
import { desk } from './desk.ts';
import { withCilium } from './objects.ts';

/** What stands between two headings. */
const between = (text: string, from: string, to: string): string =>
	text.slice(text.indexOf(from) + from.length, text.indexOf(to));

describe('kubectl explain', () => {
	test('says what a field is for', async () => {
		const { out } = await desk().run('explain svc.spec.externalTrafficPolicy');
		expect(out).toBe(`\
KIND:     Service
VERSION:  v1

FIELD:    externalTrafficPolicy <string>

DESCRIPTION:
     Cluster spreads traffic from outside over all endpoints and hides the
     client's address; Local keeps to endpoints on the node it reached, and
     keeps the address.
`);
	});

	test('says what a field is for, what its type is, and what is in it', async () => {
		const { out } = await desk().run('explain pod.spec.containers.livenessProbe');
		expect(out).toMatch(
			/^KIND: {5}Pod\nVERSION: {2}v1\n\nRESOURCE: livenessProbe <Object>\n\nDESCRIPTION:\n {5}When it fails, the container is restarted\.\n\n {5}\S.*\n\nFIELDS:\n {3}exec\t<Object>\n {5}\S/,
		);
		expect(out).toMatch(/\n {3}periodSeconds\t<integer>\n {5}\S.*\n\n/);
		expect(out).not.toContain('<empty>');
	});

	test('no line is longer than the page', async () => {
		const d = desk();
		withCilium(d, '1.12.1');
		for (const what of ['svc.spec', 'pod.spec', 'cnp.spec', 'ds.spec', 'networkpolicies.spec', 'cn.spec']) {
			const { out } = await d.run(`explain ${what}`);
			expect(out.split('\n').filter((line) => line.length > 80)).toEqual([]);
			expect(out).not.toContain('<empty>');
		}
	});

	test('required fields are marked, and all below is listed on request', async () => {
		const d = desk();
		const { out } = await d.run('explain pods.spec.containers');
		expect(out).toContain('RESOURCE: containers <[]Object>\n');
		expect(out).toContain('   name\t<string> -required-\n     A DNS label, unique in the pod.\n');
		expect((await d.run('explain deployments.apps.spec.selector --recursive')).out).toContain(
			'   matchExpressions\t<[]Object>\n      key\t<string>\n',
		);
	});

	test('what is not there is named', async () => {
		const d = desk();
		expect((await d.run('explain pods.nope')).err).toBe('error: field "nope" does not exist\n');
		expect((await d.run('explain pots')).err).toBe('error: the server doesn\'t have a resource type "pots"\n');
		expect((await d.run('explain pods --api-version=v9')).err).toBe(
			'error: couldn\'t find resource for "/v9, Kind=Pod"\n',
		);
	});

	test('kubectl from 1.27 sets it out otherwise: the group apart, and types by their names', async () => {
		const d = desk('v1.33.1', 'v0.29.0');
		expect((await d.run('explain deployment.spec.replicas')).out).toBe(`\
GROUP:      apps
KIND:       Deployment
VERSION:    v1

FIELD: replicas <integer>


DESCRIPTION:
    How many pods; 1 when missing.
    

`);
		const { out } = await d.run('explain pod.spec.containers');
		expect(out).toContain('FIELD: containers <[]Container>\n');
		expect(out).toContain('  resizePolicy\t<[]ContainerResizePolicy>\n    ');
		expect(between(out, 'FIELDS:\n', '  command')).toMatch(/^ {2}args\t<\[\]string>\n {4}\S.*\n\n$/);
		expect((await desk('v1.27.3', 'v0.20.0').run('explain pod.spec')).out).toContain('FIELD: spec <PodSpec>\n\nDESC');
	});

	test('what an autoscaler measures is explained and checked down to its aim', async () => {
		const d = desk('v1.24.0');
		const { out } = await d.run('explain hpa.spec.metrics.resource.target');
		expect(out).toContain('RESOURCE: target <Object>\n');
		expect(out).toContain('   averageUtilization\t<integer>\n');
		expect(out).toContain('   type\t<string> -required-\n');
		expect((await d.run('explain hpa.spec.behavior.scaleUp')).out).not.toContain('tolerance');
		expect((await d.run('explain hpa.spec.metrics.nope')).err).toBe('error: field "nope" does not exist\n');
	});

	test('values of a custom resource are listed where its definition names them', async () => {
		const d = desk('v1.33.1', 'v0.29.0');
		withCilium(d, '1.18.3');
		const { out } = await d.run('explain cnp.spec.egress.toPorts.ports');
		expect(out).toContain('  protocol\t<string>\n  enum: TCP, UDP, SCTP, ANY\n    TCP, UDP, SCTP or ANY.\n');
		expect((await d.run('explain cnp.spec.egress.toPorts.ports.protocol')).out).toContain(
			'FIELD: protocol <string>\nENUM:\n    TCP\n    UDP\n    SCTP\n    ANY\n\nDESCRIPTION:\n',
		);
	});
});
