### Words that letters, tables and pages share: what was seen, states, levels, networks,
### expectations, controls.

## What was seen, as the end of a sentence; `.now` says the same in the present tense.

seen-ok = everything expected was there
    .now = everything expected is there
seen-content-changed = the page was served, but something expected on it was missing
    .now = the page is served, but something expected on it is missing
seen-content-replaced = another page was served in place of the known one
    .now = another page is served in place of the known one
seen-content-unproven = the way to the next level could not be seen any more
    .now = the way to the next level cannot be seen any more
seen-content-moved = the page has moved to another address
    .now = the page is at another address
seen-tls-incompatible = the server's encryption is of a kind this program does not speak
    .now = { seen-tls-incompatible }
seen-tls-incomplete-chain = the server left out a part of its certificate chain
    .now = the server leaves out a part of its certificate chain
seen-site-maintenance = a maintenance notice was shown
    .now = a maintenance notice is shown
seen-site-rate-limited = the site said that requests came too often
    .now = the site says that requests come too often
seen-site-challenge = the site asked for a check that programs do not pass
    .now = the site asks for a check that programs do not pass
seen-site-edition = another edition of the site was served
    .now = another edition of the site is served
seen-content-stale = the newest item was older than expected
    .now = the newest item is older than expected
seen-content-shrunk = far less was listed than usual
    .now = far less is listed than usual
seen-content-nulls = rows arrived, but their values were empty, frozen or misdated
    .now = rows arrive, but their values are empty, frozen or misdated
seen-content-empty = the page was served without its content
    .now = the page is served without its content
seen-content-soft-404 = the page was the one shown for items that do not exist
    .now = the page shown is the one for items that do not exist
seen-content-redirected-home = the address led to the home page instead
    .now = the address leads to the home page instead
seen-content-parked = the page of an unused or sold domain was served
    .now = the page of an unused or sold domain is served
seen-http-not-found = the server said that the page was not found
    .now = the server says that the page is not found
seen-http-gone = the server said that the page was gone
    .now = the server says that the page is gone
seen-content-withdrawn = the full-text button was not shown
    .now = the full-text button is not shown
seen-site-login = the site asked for a login
    .now = the site asks for a login
seen-site-phone = the site asked for a mainland phone number or a real name
    .now = the site asks for a mainland phone number or a real name
seen-site-paywall = the site asked for a subscription or a payment
    .now = the site asks for a subscription or a payment
seen-site-not-entitled = the site did not recognise our institution
    .now = the site does not recognise our institution
seen-site-seats = the site said that all concurrent seats were taken
    .now = the site says that all concurrent seats are taken
seen-site-geo-block = the site refused and named the region as the reason
    .now = the site refuses and names the region as the reason
seen-site-legal-block = the server refused for legal reasons, without naming them
    .now = the server refuses for legal reasons, without naming them
seen-site-ip-ban = the site refused and named our address or automated access as the reason
    .now = the site refuses and names our address or automated access as the reason
seen-site-waf-block = a firewall page refused the request and stated no cause
    .now = a firewall page refuses the request and states no cause
seen-site-icp = a page about a lapsed ICP filing was served
    .now = a page about a lapsed ICP filing is served
seen-http-forbidden = the server refused and stated no cause
    .now = the server refuses and states no cause
seen-http-unauthorized = the server asked for a login
    .now = the server asks for a login
seen-http-client-error = the server refused the request
    .now = the server refuses the request
seen-http-server-error = the server answered with an error of its own
    .now = the server answers with an error of its own
seen-http-no-reply = the connection was closed without an answer
    .now = the connection is closed without an answer
seen-http-reset = the connection was broken off before the answer was whole
    .now = the connection is broken off before the answer is whole
seen-http-timeout = no whole answer came in time
    .now = no whole answer comes in time
seen-http-malformed = the answer could not be read
    .now = the answer cannot be read
seen-http-redirect-loop = the address led in a circle
    .now = the address leads in a circle
seen-http-bad-redirect = the address led to an address that does not work
    .now = the address leads to an address that does not work
seen-tls-reset = the connection was reset while encryption was set up
    .now = the connection is reset while encryption is set up
seen-tls-closed = the connection was closed while encryption was set up
    .now = the connection is closed while encryption is set up
seen-tls-timeout = encryption was not set up in time
    .now = encryption is not set up in time
seen-tls-alert = the server broke off while encryption was set up
    .now = the server breaks off while encryption is set up
seen-tls-expired = the server's certificate has expired
    .now = { seen-tls-expired }
seen-tls-wrong-host = the server's certificate is for another name
    .now = { seen-tls-wrong-host }
seen-tls-untrusted = the server's certificate is from an unknown authority
    .now = { seen-tls-untrusted }
seen-tls-invalid = the server's certificate did not verify
    .now = the server's certificate does not verify
seen-tcp-refused = the connection was refused
    .now = the connection is refused
seen-tcp-reset = the connection was reset
    .now = the connection is reset
seen-tcp-timeout = the server did not answer
    .now = the server does not answer
seen-tcp-unreachable = there was no route to the server
    .now = there is no route to the server
seen-dns-nxdomain = the site's name was said not to exist
    .now = the site's name is said not to exist
seen-dns-no-answer = the site's name had no address
    .now = the site's name has no address
seen-dns-servfail = the name server failed
    .now = the name server fails
seen-dns-refused = the name server refused the question
    .now = the name server refuses the question
seen-dns-timeout = the name server did not answer
    .now = the name server does not answer
seen-dns-bogon = the site's name led to an address that is not on the internet
    .now = the site's name leads to an address that is not on the internet
seen-dns-forged = the answer for the site's name was forged
    .now = the answer for the site's name is forged
seen-vantage-offline = its controls did not answer
    .now = its control pages do not answer
seen-vantage-proxy = its proxy failed
    .now = its proxy fails
seen-vantage-captive = a captive portal answered in place of the control pages
    .now = a captive portal answers in place of the control pages
seen-vantage-intercepted = something on its way answered in place of the control pages
    .now = something on its way answers in place of the control pages
seen-vantage-clock = its clock is wrong
    .now = { seen-vantage-clock }
seen-vantage-moved = its exit was in another country or network than before
    .now = its exit is in another country or network than before
seen-skipped-robots = it was not fetched, because the site asks programs to stay away
    .now = it is not fetched, because the site asks programs to stay away
seen-skipped-back-off = it was not fetched, because the site is left alone for now
    .now = it is not fetched, because the site asks to be left alone
seen-insufficient = there is not enough to say anything
    .now = { seen-insufficient }
# `content.withdrawn` where the next level is another than the full text.
seen-next-level = the way to the { $level } was not shown
    .now = the way to the { $level } is not shown
# Of a page that is there, and gives less.
seen-other-text = other words stood where its text was
    .now = other words stand where its text was
seen-other-rows = another list stood in place of the known one
    .now = another list stands in place of the known one
seen-fewer-columns = columns of its table were gone
    .now = columns of its table are gone
seen-smaller-file = the file was far smaller than usual
    .now = the file is far smaller than usual
seen-older-edition = an older edition was shown in place of the newest
    .now = an older edition is shown in place of the newest
seen-fewer-links = the rows were there, and most of them no longer led on
    .now = the rows are there, and most of them no longer lead on
seen-no-text = the text of the record was not there
    .now = the text of the record is not there
seen-filled-by-script = the page came without its content, which a script would fill in
    .now = the page comes without its content, which a script would fill in
seen-way-barred = the way to the { $level } was shown, and no longer led there
    .now = the way to the { $level } is shown, and no longer leads there
# `content.unproven` where the next level is known.
seen-unproven-level = the way to the { $level } could not be seen any more
    .now = the way to the { $level } cannot be seen any more
# `http.timeout` where the limit is known.
seen-not-within = no whole answer came within { $n } s
    .now = no whole answer comes within { $n } s
# `vantage.offline` where every control answered with an error of its server.
seen-controls-in-trouble = every one of its controls answered with a server error
    .now = every one of its controls answers with a server error
# `vantage.offline` where the agent of the vantage did not report.
seen-agent-silent = its agent did not report
    .now = its agent does not report

## What the vantages mean together, and what that leaves open.

finding-insufficient = one place alone cannot tell what this means
    .open = Whether it is the site or the way to it. A second place in another network would tell more.
finding-accessible = as expected from every place
    .open = What readers with another login or in another place see.
finding-network-interference = it happens on the network, before the site
    .open = Who does it, where on the way, and for what reason.
finding-geo-restricted = served or refused by region
    .open = Why, whether every reader of the region is meant, and whether it is meant to last.
finding-address-restricted = served or refused by kind of network
    .open = Whether the kind of network is the reason, or this one address.
finding-program-refused = the site declined our program; readers may fare better
    .open = What readers get in a browser. That is unknown until a person has looked.
finding-access-control = a login, a subscription or a recognised institution is asked for
    .open = Whether the licence, the address or the site's rules changed.
finding-replaced = another page is served in place of the known one
    .open = Whether readers get the same page, and why it is served.
finding-maintenance = announced maintenance
    .open = When it ends, unless the notice says so.
finding-withdrawn = the site answers, and part of its content is not there
    .open = Why, whether it is meant to last, and what readers with another login see.
finding-rot = the site answers, and this address no longer leads to the item
    .open = Whether the item was removed or only moved; a search by its title may find it.
finding-outage = out of service everywhere, inside the mainland too
    .open = Why the service is out.
finding-unreachable = out of reach from every place
    .open = This cannot tell an outage from a closing to foreign addresses.
finding-changed = the page changed
    .open = Whether readers lost anything: a redesign looks the same to a program.
finding-divided = the places differ, and the evidence does not say why
    .open = Why the places differ.
# `geo_restricted` where the region is the stated reason and nobody is served elsewhere.
finding-refused-by-region = the site refuses and names the region, or the law, as the reason

## What readers get.

state-open = open
state-less = gives less
state-closed = closed
state-unknown = cannot tell

## Levels of access.

level-home = home page
level-search = search
level-abstract = abstract
level-fulltext = full text
level-data = data
level-api = programming interface
level-files = download of files
level-page = page

## Kinds of networks.

network-campus = campus
network-office = office
network-residential = residential
network-datacentre = datacentre
network-vpn = vpn

## What a probe's file expects, and values beyond their limits.

expected-select = selector
expected-level = leads on by
expected-status = status
expected-host = host
expected-title = title
expected-title-not = not in the title
expected-contains = text
expected-contains-not = not in the text
expected-type = type
expected-bytes = bytes

## What became of a control.

control-line = { $url }: { $seen }
control-passed = passed
control-answered = answered with HTTP { $status }
control-other-page = answered with another page than agreed
control-timed-out = timed out
control-reset = the connection was reset
control-closed = the connection was closed without an answer
control-refused = the connection was refused
control-unreachable = no route to it
control-no-name = its name was not found ({ $failure })
control-certificate = its certificate did not verify ({ $failure })
control-out-of-date = its certificate is not valid at the date that this clock shows
control-moved = it saw this vantage in another network than the configuration states
control-proxy = the proxy failed ({ $failure })
control-other = failed ({ $failure })
