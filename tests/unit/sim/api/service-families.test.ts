/** Families of addresses that a service asks for, in a cluster of IPv4 (pkg/registry/core/service/storage/alloc.go @ v1.24.0). */
import { beforeAll, expect, test } from 'vitest';
import { type Terminal, terminal } from '../../cli/linux/terminal.ts';

let lab: Terminal;
beforeAll(async () => {
	lab = await terminal();
	await lab.run('kubectl create svc clusterip web --tcp=80');
});

test.each([
	[
		'{"ipFamilyPolicy":"RequireDualStack"}',
		'The Service "web" is invalid: spec.ipFamilyPolicy: Invalid value: "RequireDualStack": this cluster is not configured for dual-stack services\n',
	],
	[
		'{"ipFamilyPolicy":"PreferDualStack","ipFamilies":["IPv4","IPv6"]}',
		'The Service "web" is invalid: spec.ipFamilies[1]: Invalid value: "IPv6": not configured on this cluster\n',
	],
	['{"ipFamilyPolicy":"PreferDualStack"}', 'service/web patched\n'],
])('%s', async (spec, said) => {
	expect(await lab.run(`kubectl patch svc web -p '{"spec":${spec}}'`)).toBe(said);
});
