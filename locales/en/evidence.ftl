### What discriminators observed, and the rows that a finding rests on.
###
### A row never says who did it: what passes while something else fails is "consistent with" a
### cause, and no more.

## Observations of discriminators.

said-reference-agrees = The reference resolver { $resolver } gives an address that was given here too.
said-reference-differs = Here the name leads to { $here }, at the reference resolver { $resolver } to { $there }; that alone proves nothing.
said-reference-fails = The reference resolver { $resolver } has no address either ({ $failure }).
said-reference-silent = The reference resolver { $resolver } did not answer ({ $failure }); that says nothing of the name.
said-reference-forged = The reference resolver { $resolver } was asked for the name, and a forged answer is among these: { $answers }.
said-reference-verifies = At { $here }, which was given here, the certificate does not hold; at { $there }, which others give, it does.
said-site-answers-elsewhere = At { $there }, which was not given here, the site's certificate holds.
said-resolver-denies = The resolver used here ({ $own }) gives no address for the name; at { $there }, which the reference resolver { $resolver } gives, the site answers as expected: that resolver stands in the way.
said-resolver-misleads = The resolver used here ({ $own }) leads the name to { $here }; at { $there }, which the reference resolver { $resolver } gives, the site answers as expected: that resolver stands in the way.
said-no-better-there = At { $there }, which the reference resolver gives, the same request fares no better.
said-control-fails-alike = Sent to { $control }, which is not the site's, the name fails in the same way ({ $failure }), and a neutral name passes there: it happens before the site.
said-control-answers-alike = Sent to { $control }, which is not the site's, the name gets the same page ({ $status }), and a neutral name does not: it comes from before the site.
said-control-passes = Sent to { $control }, which is not the site's, the name passes.
said-control-unclear = What was seen at { $control } with the name and with a neutral one allows no conclusion.
said-site-name-fails = At the site's address { $address } a neutral name passes and the site's own fails ({ $failure }): consistent with something that acts on the name, on the way or at the site's edge.
said-site-passes = At the site's address { $address } both the site's name and a neutral one pass.
said-site-unclear = What was seen at the site's address { $address } with its own name and with a neutral one allows no conclusion.
said-not-asked = { $step } was not asked: { $why }.

## Steps, as the subject of `said-not-asked`.

step-reference = The reference resolver
step-at-reference = The address that the reference resolver gives
step-control = A control's address
step-site = The site's address

## Reasons for `said-not-asked`.

why-silence = it is left alone for 240 seconds after the last such question
why-no-control = no control of this vantage has a known address elsewhere and speaks the same protocol
why-no-address = no address is known
why-local-name = the name belongs to a local network
why-no-reference = it cannot be used as it is configured
why-back-off = the site asked to be left alone
why-robots = robots.txt forbids it

## Rows of a finding.

# One vantage of a finding: who, and what was seen there.
vantage = { $who }: { $what }.
# The same where that is normal at the vantage.
vantage-served = { $who }: { $what }, as is normal there.
person-ok = A person in { $network } saw the page ({ $at }).
person-refused = A person in { $network } was refused too ({ $at }).
person-partial = A person in { $network } saw only part of the page ({ $at }).
