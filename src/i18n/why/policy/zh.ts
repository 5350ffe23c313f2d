import type { PolicyWords } from '../types.ts';

export const why: PolicyWords = {
	'cilium.policy-allow-egress':
		'端点{endpoint}的策略表中有身份{identity}（{ip}）的出站条目（匹配方式：{match}）：连接被允许。',
	'cilium.policy-allow-ingress':
		'端点{endpoint}的策略表中有身份{identity}（{ip}）的入站条目（匹配方式：{match}）：连接被允许。',
	'cilium.policy-audit-egress':
		'端点{endpoint}的策略不允许身份{identity}（{ip}）出站（匹配方式：{match}）。该端点处于策略审计模式：只作通知，数据包继续前进。',
	'cilium.policy-audit-ingress':
		'端点{endpoint}的策略不允许身份{identity}（{ip}）入站（匹配方式：{match}）。该端点处于策略审计模式：只作通知，数据包继续前进。',
	'cilium.policy-deny-egress':
		'端点{endpoint}的策略表拒绝向身份{identity}（{ip}）出站（匹配方式：{match}）。拒绝优先于一切允许：数据包被丢弃，也不通知任何人。',
	'cilium.policy-deny-ingress':
		'端点{endpoint}的策略表拒绝身份{identity}（{ip}）入站（匹配方式：{match}）。拒绝优先于一切允许：数据包被丢弃，也不通知任何人。',
	'cilium.policy-none-egress':
		'有策略选中端点{endpoint}的出站方向，因此没有条目允许的都被拒绝。身份{identity}（{ip}）和这个端口没有条目：数据包被丢弃，也不通知任何人。',
	'cilium.policy-none-ingress':
		'有策略选中端点{endpoint}的入站方向，因此没有条目允许的都被拒绝。身份{identity}（{ip}）和这个端口没有条目：数据包被丢弃，也不通知任何人。',
	'kindnet.policy-egress':
		'有NetworkPolicy选中Pod {pod}的出站方向，因此没有规则允许的都被拒绝，而没有规则允许{ip}和这个端口。每个连接的第一个数据包，内核都去问kindnetd（队列102）：它被丢弃，也不通知任何人。',
	'kindnet.policy-ingress':
		'有NetworkPolicy选中Pod {pod}的入站方向，因此没有规则允许的都被拒绝，而没有规则允许{ip}和这个端口。每个连接的第一个数据包，内核都去问kindnetd（队列102）：它被丢弃，也不通知任何人。',
};
