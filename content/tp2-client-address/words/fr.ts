import type { ExerciseWords } from '../../../src/exercises/index.ts';
import type { ExerciseId } from './index.ts';

export const fr: Record<ExerciseId, ExerciseWords> = {
	'who-knocked': {
		title: 'Une cinquième visite',
		question:
			'Le pod tourne sur {pod} ({podAddress}). Vous frappez à {entry} ({entryAddress}), politique Cluster. Quelle adresse source le pod voit-il ?',
		right:
			'Le pod voit {answer}, le nœud auquel vous avez frappé, car ce nœud a mis sa propre adresse sur le paquet avant de le relayer.',
		wrong:
			'Cette adresse n’apparaît nulle part comme source sur le chemin du paquet. Lisez les étiquettes posées sur la ligne, de la porte jusqu’au pod.',
		hint: 'Regardez les quatre lignes ci-dessus : qu’a chaque visiteur en commun avec la porte à laquelle on a frappé ?',
		misconceptions: {
			'client-kept':
				'C’est l’adresse d’où part votre paquet, et elle arrive bien au nœud. Elle n’en ressort pas : l’étape indiquée la remplace.',
			'pods-node':
				'Le nœud du pod relaie le paquet sans toucher à sa source. L’adresse a été remplacée avant, par le nœud auquel vous avez frappé.',
			'pod-itself': 'C’est là que va le paquet. C’est la destination qui a pris cette valeur, jamais la source.',
		},
	},
	'order-chains': {
		title: 'L’ordre des chaînes',
		question: 'Vous frappez à {entry}. Rangez les chaînes de la table nat dans l’ordre où le premier paquet y entre.',
		right:
			'La porte est trouvée d’abord, puis la marque est posée, puis un endpoint est choisi, et la dernière chaîne écrit son adresse.',
		wrong:
			'Les premières sont en place : {at}. Pour la suivante, demandez-vous ce qu’il faut déjà savoir pour pouvoir la choisir.',
		hint: 'Chaque chaîne resserre la question : un service quelconque ? le port de ce nœud ? ce service-là ? quel endpoint ?',
		misconceptions: {
			'endpoint-first':
				'Une chaîne KUBE-SEP appartient à un seul endpoint. On ne peut y entrer qu’après que KUBE-SVC l’a choisi.',
			'nodeports-first':
				'On entre dans KUBE-NODEPORTS par la dernière règle de KUBE-SERVICES : toutes les adresses de service sont essayées avant.',
		},
	},
	'rule-that-marks': {
		title: 'La règle qui vous coûte votre adresse',
		question:
			'Voici les règles auxquelles le premier paquet correspond dans nat PREROUTING, à {entry}. Retirez l’une d’elles : les visiteurs de ce service gardent leur adresse, et rien ne change pour les autres services. Laquelle ?',
		right:
			'Elle n’a aucune condition : tout ce qui entre par les portes externes de ce service est marqué, et KUBE-POSTROUTING applique le masquerade à ce qui est marqué.',
		wrong:
			'Sans cette règle, le paquet ne trouverait plus son pod. Cherchez celle qui demande le masquerade et ne décide rien d’autre.',
		hint: 'La source change dans POSTROUTING, mais seulement si une marque a été posée avant. Quelle ligne de ce service en décide ?',
		misconceptions: {
			'dnat-does-it':
				'DNAT change la destination du paquet. Sans cette règle rien n’arriverait, mais la source resterait intacte.',
			'or-mark-itself':
				'Cette ligne pose bien la marque, mais pour tous les services qui la demandent : sans elle, plus aucun n’aurait de masquerade. Cherchez la règle de ce service qui y saute.',
		},
	},
	'same-node': {
		title: 'Le pod est chez lui',
		question:
			'Le pod tourne sur {node} ({address}), et c’est à cette porte que vous frappez. Politique Cluster. Quelle source le pod voit-il ?',
		right:
			'{answer} : la marque est posée avant qu’un endpoint soit choisi, donc un pod sur le même nœud n’y change rien.',
		wrong: 'Suivez le paquet jusqu’à POSTROUTING et regardez ce qu’y écrit MASQUERADE.',
		hint: 'L’endpoint était-il déjà connu au moment d’entrer dans KUBE-MARK-MASQ ?',
		misconceptions: {
			'local-keeps':
				'Ici, rien n’empêcherait de garder votre adresse, et d’autres datapaths le font. kube-proxy marque tout paquet entré par le NodePort, avant de savoir où est le pod.',
			'other-node': 'Aucun autre nœud ne voit ce paquet : la porte et le pod sont sur le même nœud.',
			'pod-itself': 'C’est la destination après DNAT. La question porte sur la source.',
		},
	},
	'where-undone': {
		title: 'Là où la réponse reprend l’adresse de la porte',
		question:
			'Vous avez frappé à {entry}, le pod tourne sur {pod}. Où la réponse retrouve-t-elle l’adresse de la porte comme source ?',
		right:
			'La traduction est mémorisée là où elle a été faite, sur le nœud auquel vous avez frappé ; la réponse doit donc y passer.',
		wrong: 'Cherchez l’étape où la source de la réponse change.',
		hint: 'Qui possède une ligne de conntrack dont les deux tuples ne sont pas le miroir l’un de l’autre ?',
		options: {
			pod: 'Dans le pod',
			'pods-node': 'Sur le nœud du pod ({pod})',
			'entry-node': 'Sur le nœud auquel vous avez frappé ({entry})',
			client: 'Sur votre machine',
		},
		misconceptions: {
			pod: 'Le pod ignore qu’un Service existe : il répond depuis sa propre adresse à la source qu’il a vue.',
			'pods-node':
				'Ce nœud a relayé la requête telle quelle. Il n’a rien à défaire, et relaie la réponse telle quelle.',
			client: 'Votre machine n’accepte la réponse que parce que sa source est déjà l’adresse que vous avez interrogée.',
		},
	},
	'conntrack-row': {
		title: 'La ligne qui traduit',
		question:
			'Ces lignes viennent des tables de suivi de connexions de {entry} et de {pod}, après une visite par {entry}. Laquelle transforme la réponse du pod en réponse de la porte ?',
		right:
			'Ce qui est entré était destiné à l’adresse et au port du nœud ; ce qui est attendu en retour vient du pod. Cet écart est la traduction.',
		wrong: 'Comparez les deux moitiés de la ligne : la seconde est-elle le miroir de la première ?',
		hint: 'Première moitié : le paquet tel qu’il est entré. À quelle porte avez-vous frappé ?',
		misconceptions: {
			'pods-node-row':
				'Ses deux moitiés sont le miroir l’une de l’autre : ce nœud a vu le paquet après la traduction, et ne change rien.',
		},
	},
	'policy-elsewhere': {
		title: 'À la mauvaise porte',
		question:
			'externalTrafficPolicy vaut Local. Vous frappez à {entry}. Des pods tournent sur : {pod}. Qu’obtient curl ?',
		right:
			'Avec la politique Local, un nœud ne relaie qu’à ses propres pods ; s’il n’en a pas, tout dépend de l’existence d’endpoints ailleurs.',
		wrong: 'Demandez-vous d’abord si le service a un endpoint quelque part, puis s’il y en a un sur ce nœud.',
		hint: 'kube-proxy distingue deux cas : un service sans endpoint, et un service sans endpoint ici.',
		options: {
			connected: 'Une réponse',
			refused: 'Connection refused',
			timeout: 'Une attente, puis un délai dépassé',
			unreachable: 'No route to host',
		},
		misconceptions: {
			'refused-politely':
				'Un refus supposerait une réponse, et kube-proxy jette ici le paquet sans un mot : la règle indiquée dit DROP, pas REJECT.',
			'forwarded-anyway':
				'Avec Local, le nœud n’a pas le droit de le renvoyer vers un autre nœud. La règle indiquée décide avant.',
			'silent-when-empty':
				'Le silence est la réponse quand le service a des endpoints ailleurs. Celui-ci n’en a aucun : kube-proxy rejette, et l’erreur ICMP fait dire « refused » à curl.',
			'local-answers': 'Un pod tourne sur ce nœud même : cette porte est donc ouverte.',
		},
	},
	'proxy-gone': {
		title: 'Sans kube-proxy, combien de lignes ?',
		question:
			'Kubernetes {kubernetes}, un nœud où kube-proxy n’a jamais tourné. Combien de lignes compte iptables-save | grep -c KUBE ?',
		right: '{answer}, toutes au kubelet.',
		wrong:
			'Comptez les déclarations (les lignes qui commencent par deux-points) autant que les règles, dans chaque table.',
		hint: 'À partir de Kubernetes 1.27, le kubelet ne crée plus ce qu’il entretenait pour d’autres : dans la table nat il ne reste que son canari, et plus rien ne jette les paquets marqués. Rayez ces lignes dans la liste ci-dessus.',
		misconceptions: {
			zero: 'Les règles de kube-proxy sont bien absentes, mais le kubelet en écrit quelques-unes, quoi que vous fassiez de kube-proxy.',
			'always-eighteen':
				'Dix-huit est juste jusqu’à Kubernetes 1.26. Depuis, le kubelet ne crée plus les chaînes qu’il entretenait pour kube-proxy.',
			'proxy-still-there': 'C’est le compte avec kube-proxy. Ici, il n’a jamais tourné.',
		},
	},
	'service-cost': {
		title: 'Le prix d’un passage à l’échelle',
		question:
			'Kubernetes {kubernetes}. Le déploiement passe de 1 à {replicas} réplicas. Combien de règles s’ajoutent à la table nat de chaque nœud ?',
		right: '{answer}, sur chaque nœud, même sur ceux qui n’ont aucun de ces pods.',
		wrong:
			'Regardez ce que coûte un endpoint : sa chaîne KUBE-SEP a des règles, et KUBE-SVC en a besoin d’une de plus pour le choisir.',
		hint: 'Dans la sortie de la deuxième section, comptez les lignes qui concernent un endpoint.',
		misconceptions: {
			'one-each': 'Une règle choisit l’endpoint. Sa propre chaîne en a aussi.',
			none: 'kube-proxy écrit des règles pour chaque endpoint, sur chaque nœud.',
			'two-each': 'C’est la chaîne KUBE-SEP seule. KUBE-SVC a, elle aussi, une règle par endpoint.',
		},
	},
	'every-worker': {
		title: 'Trois portes, votre adresse',
		question:
			'Faites répondre la porte de chacun des trois workers, et que chaque réponse montre {client}. Utilisez les réglages ; toute combinaison qui y parvient compte.',
		right: 'Chaque porte a un pod à elle, aucune n’a donc à relayer, ni à prêter son nom.',
		wrong: 'Une porte au moins est muette, ou montre une adresse qui n’est pas la vôtre. La liste dit laquelle.',
		hint: 'Un réglage décide si l’adresse est gardée, un autre s’il y a quelqu’un à chaque porte.',
		misconceptions: {
			'cluster-with-many':
				'Davantage de pods n’y change rien tant que la politique est Cluster : chaque paquet est marqué, quel que soit celui qui répond.',
			'local-with-few': 'L’adresse est gardée, mais une porte qui n’a pas de pod à elle reste muette.',
			'nobody-home': 'Sans pod, personne ne répond à aucune porte.',
		},
	},
};
