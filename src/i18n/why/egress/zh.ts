import type { EgressWords } from '../types.ts';

export const why: EgressWords = {
	'cilium.egw-address': '出口策略涵盖{ip}：数据包要以策略的出口IP{address}离开。',
	'cilium.egw-excluded': '{ip}在出口策略排除的网段中：数据包照没有策略时继续走。',
	'cilium.egw-gateway': '出口策略选中了这个Pod和{ip}：无论路由模式如何，数据包都经隧道前往出口网关，即节点{node}。',
	'cilium.egw-here': '出口策略选中了这个Pod和{ip}，而出口网关正是本节点：数据包不必去别处。',
	'cilium.egw-no-address': '出口策略涵盖{ip}，但出口网关没有出口IP：数据包被丢弃，也不通知任何人。',
	'cilium.egw-no-gateway': '出口策略涵盖{ip}，但没有节点充当出口网关：数据包宁可被丢弃，也不以别的地址出去。',
	'cilium.egw-reply': '这是Pod{ip}经本出口网关发出的请求的应答：它经隧道回到Pod所在的节点{node}。',
	'cilium.egw-way': '本节点是通往{ip}的出口网关。出路按从出口IP{address}出发来查找；源地址到数据包离开之处才改变。',
};
