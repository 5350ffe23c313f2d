/** What a kubelet may read (kubernetes plugin/pkg/auth/authorizer/node/node_authorizer.go @ v1.24.0 and v1.32.0). */
import { expect, test } from 'vitest';
import { nodeMay } from '../../../../src/sim/api/access/node-authorizer.ts';
import { bench, must, pod } from './fixtures.ts';

const asked = (version: string) => {
	const { api } = bench(version);
	must(api.create(pod('mine', { nodeName: 'n1' })));
	must(api.create(pod('other', { nodeName: 'n2' })));
	const who = { user: 'system:node:n1', groups: ['system:nodes'] };
	return (verb: string, resource: string, more: object = {}) => {
		const said = nodeMay(api, who, { verb, group: '', resource, namespace: 'default', ...more });
		return typeof said === 'string' ? said : said.allowed || said.reason;
	};
};

test('nodes and pods by the role alone, before 1.32', () => {
	const may = asked('v1.31.0');
	expect(may('list', 'nodes')).toBe('by role');
	expect(may('get', 'pods', { name: 'other' })).toBe('by role');
});

test('only its own node and pods, from 1.32 on', () => {
	const may = asked('v1.32.0');
	expect(may('list', 'nodes')).toBe("node 'n1' cannot read all nodes, only its own Node object");
	expect(may('get', 'nodes', { name: 'n2' })).toBe("node 'n1' cannot read 'n2', only its own Node object");
	expect(may('get', 'nodes', { name: 'n1' })).toBe(true);
	expect(may('list', 'pods')).toBe('can only list/watch pods with spec.nodeName field selector');
	expect(may('list', 'pods', { query: 'fieldSelector=spec.nodeName%3Dn1&limit=500' })).toBe(true);
	expect(may('list', 'pods', { query: 'fieldSelector=spec.nodeName%3Dn2' })).not.toBe(true);
	expect(may('get', 'pods', { name: 'mine' })).toBe(true);
	expect(may('get', 'pods', { name: 'other' })).toBe("no relationship found between node 'n1' and this object");
});
