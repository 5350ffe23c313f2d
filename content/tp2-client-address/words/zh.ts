import type { ExerciseWords } from '../../../src/exercises/index.ts';
import type { ExerciseId } from './index.ts';

export const zh: Record<ExerciseId, ExerciseWords> = {
	'who-knocked': {
		title: '第五次访问',
		question:
			'Pod运行在{pod}（{podAddress}）上。你敲的是{entry}（{entryAddress}），策略为Cluster。Pod看到的源地址是哪个？',
		right: 'Pod看到的是{answer}，也就是你敲的那个节点，因为它在把数据包送出去之前，写上了自己的地址。',
		wrong: '在数据包经过的路上，没有一处的源地址是它。从门到Pod，把线上的标签读一遍。',
		hint: '看上面的四行：每位访客与他所敲的门有什么共同之处？',
		misconceptions: {
			'client-kept': '这是你发送时用的地址，它确实到了节点，却没能再出去：标出的那一站把它换掉了。',
			'pods-node': 'Pod所在的节点转发数据包时没有动源地址。在此之前，你所敲的节点已经把它换掉了。',
			'pod-itself': '那是数据包要去的地方。改写成它的是目的地址，不是源地址。',
		},
	},
	'order-chains': {
		title: '链的顺序',
		question: '你敲的是{entry}。把nat表的链按第一个数据包进入的先后排好。',
		right: '先找到门，再打标记，然后选出端点，最后一条链写入端点的地址。',
		wrong: '从头数起，位置正确的有{at}条。对下一条想一想：选它之前，必须先知道什么？',
		hint: '每条链都把问题缩小一步：是不是某个服务？是不是本节点的端口？是哪个服务？是哪个端点？',
		misconceptions: {
			'endpoint-first': '一条KUBE-SEP链只属于一个端点。要等KUBE-SVC选中这个端点之后才能进入。',
			'nodeports-first': '进入KUBE-NODEPORTS要靠KUBE-SERVICES的最后一条规则：在它之前，所有服务地址都试过了。',
		},
	},
	'rule-that-marks': {
		title: '让你失去地址的规则',
		question:
			'这些是第一个数据包在{entry}的nat PREROUTING中命中的规则。去掉其中一条，这个服务的访客就能保住地址，而其他服务毫无变化。是哪一条？',
		right:
			'它没有任何条件：凡是从这个服务的外部入口进来的都打上标记，而KUBE-POSTROUTING会对所有带标记的数据包做地址伪装。',
		wrong: '去掉这条规则，数据包就找不到它的Pod了。找找只要求做地址伪装、不决定别的事的那一条。',
		hint: '源地址在POSTROUTING里改，但前提是之前打过标记。是这个服务的哪一行决定要打标记的？',
		misconceptions: {
			'dnat-does-it': 'DNAT改的是数据包去哪里。没有它，数据包到不了，但源地址不会变。',
			'or-mark-itself':
				'标记确实是这一行打上的，但它为所有服务共用：没有它，哪个服务都做不了地址伪装。找找这个服务跳到这里的那条规则。',
		},
	},
	'same-node': {
		title: 'Pod就在家里',
		question: 'Pod运行在{node}（{address}）上，你敲的正是这扇门。策略为Cluster。Pod看到的源地址是哪个？',
		right: '是{answer}：标记在选出端点之前就打上了，所以Pod在同一节点也没有区别。',
		wrong: '跟着数据包走到POSTROUTING，看看MASQUERADE写了什么。',
		hint: '进入KUBE-MARK-MASQ的时候，端点已经知道了吗？',
		misconceptions: {
			'local-keeps':
				'在这里保留你的地址本来也行得通，别的数据路径就是这么做的。但kube-proxy还不知道Pod在哪里，就已给每个从NodePort进来的数据包打上了标记。',
			'other-node': '没有别的节点见过这个数据包：门和Pod在同一个节点上。',
			'pod-itself': '那是DNAT之后的目的地址。问的是源地址。',
		},
	},
	'where-undone': {
		title: '回包在哪里被还原',
		question: '你敲的是{entry}，Pod运行在{pod}上。回包在哪里重新得到门的地址作为源地址？',
		right: '转换在哪里做，就记在哪里，也就是你所敲的节点，所以回包必须经过它。',
		wrong: '找一找回包的源地址在哪一站发生了变化。',
		hint: '谁的conntrack里有一行，它的两个元组并不互为镜像？',
		options: {
			pod: '在Pod里',
			'pods-node': '在Pod所在的节点（{pod}）',
			'entry-node': '在你所敲的节点（{entry}）',
			client: '在你的机器上',
		},
		misconceptions: {
			pod: 'Pod不知道有Service存在：它用自己的地址，应答它所看到的源地址。',
			'pods-node': '那个节点原样转发了请求。它没有什么要还原的，回包也原样转发。',
			client: '你的机器之所以接受回包，正是因为它的源地址已经是你所访问的地址。',
		},
	},
	'conntrack-row': {
		title: '做转换的那一行',
		question: '这些行来自{entry}和{pod}的连接跟踪表，是经{entry}访问一次之后的样子。哪一行把Pod的应答变成门的应答？',
		right: '进来的数据包发往节点的地址和端口，预期的回包却来自Pod。这个差别就是转换。',
		wrong: '比较这一行的两半：第二半是第一半的镜像吗？',
		hint: '前一半是数据包进来时的样子。你敲的是哪扇门？',
		misconceptions: {
			'pods-node-row': '它的两半互为镜像：这个节点见到的是转换之后的数据包，什么也不改。',
		},
	},
	'policy-elsewhere': {
		title: '敲错了门',
		question: 'externalTrafficPolicy为Local。你敲的是{entry}。Pod运行在：{pod}。curl会得到什么？',
		right: '策略为Local时，节点只转发给自己的Pod；本节点没有Pod时结果如何，取决于这个服务在别处有没有端点。',
		wrong: '先问这个服务到底有没有端点，再问本节点上有没有。',
		hint: 'kube-proxy区分两种情况：没有任何端点的服务，和本节点没有端点的服务。',
		options: {
			connected: '得到应答',
			refused: 'Connection refused',
			timeout: '一直等，最后超时',
			unreachable: 'No route to host',
		},
		misconceptions: {
			'refused-politely': '拒绝也要有所应答，而kube-proxy在这里不声不响地丢弃：标出的规则写的是DROP，不是REJECT。',
			'forwarded-anyway': '策略为Local时，节点不得把它送往别的节点。在此之前，标出的规则就已作出决定。',
			'silent-when-empty':
				'只有服务在别处有端点，才会没有回音。这个服务一个端点也没有：kube-proxy会拒绝，ICMP差错让curl报告refused。',
			'local-answers': '本节点上就有一个Pod，所以这扇门是开着的。',
		},
	},
	'proxy-gone': {
		title: '没有kube-proxy，会有几行？',
		question: 'Kubernetes {kubernetes}，一个从未运行过kube-proxy的节点。iptables-save | grep -c KUBE会数出几行？',
		right: '是{answer}行，全是kubelet自己的。',
		wrong: '每个表都要数，声明（以冒号开头的行）和规则都算。',
		hint: '从Kubernetes 1.27起，kubelet不再创建它为别人维护的东西：nat表里只剩它的canary链，也不再有丢弃带标记数据包的规则。在上面的列表里把这些行划掉。',
		misconceptions: {
			zero: 'kube-proxy写的规则确实不会有。但不管你怎么处理kube-proxy，kubelet自己都会写一些。',
			'always-eighteen': '到Kubernetes 1.26为止，十八是对的。此后kubelet不再创建从前为kube-proxy维护的那些链。',
			'proxy-still-there': '这是有kube-proxy时的数目。这里它从未运行过。',
		},
	},
	'service-cost': {
		title: '扩容的代价',
		question: 'Kubernetes {kubernetes}。Deployment从1个副本扩到{replicas}个。每个节点的nat表增加多少条规则？',
		right: '增加{answer}条：每个节点都是，一个Pod也没有的节点也不例外。',
		wrong: '看看一个端点要花多少：它的KUBE-SEP链有规则，KUBE-SVC还需要一条来选中它。',
		hint: '在第二节的输出里，数一数涉及同一个端点的行。',
		misconceptions: {
			'one-each': '选中端点要一条规则。它自己的链里也有规则。',
			none: 'kube-proxy在每个节点上为每个端点都写规则。',
			'two-each': '这只是KUBE-SEP链。KUBE-SVC也为每个端点有一条规则。',
		},
	},
	'every-worker': {
		title: '三扇门，你的地址',
		question: '让三个工作节点的门都应答，而且每次显示的都是{client}。使用下面的开关，任何做得到的设置都算对。',
		right: '做到了：每扇门都有自己的Pod，没有一扇需要转发，也就没有一扇需要借出名字。',
		wrong: '至少有一扇门没有应答，或者显示的不是你的地址。列表里写着是哪一扇。',
		hint: '一个开关决定地址保不保留，另一个决定每扇门后有没有人。',
		misconceptions: {
			'cluster-with-many': '只要策略是Cluster，Pod再多也没用：不管由谁应答，每个数据包都会打上标记。',
			'local-with-few': '地址保住了，但门后没有Pod的，仍然没有应答。',
			'nobody-home': '没有Pod，哪扇门都没有应答。',
		},
	},
};
