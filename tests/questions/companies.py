"""A small graph of companies, third places and a cluster, whose answers are worked out by hand."""

from __future__ import annotations

BASE = "https://example.org/"
REGION = "https://w3id.org/kgtool/id/hauts-de-france/"
PREFIXES = f"""
@prefix : <{BASE}> . @prefix kg: <https://w3id.org/kgtool/ontology#> .
@prefix org: <http://www.w3.org/ns/org#> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix schema: <https://schema.org/> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
"""

#: Person a is in a unit of the town from 2010-03-01 to 2012-06-30, b in its team without a date, c in a department of a
#: hospital of the town from 2010 on, d in a unit elsewhere of a university of the town.
FOUNDERS = """
:town a kg:City ; schema:containedInPlace :county . :county a kg:Region . :far a kg:City .
:lab a kg:ResearchUnit ; kg:locatedIn :town . :team a kg:Team ; org:unitOf :lab .
:hospital a kg:Hospital ; kg:locatedIn :town . :ward a kg:HospitalDepartment ; org:unitOf :hospital .
:university a kg:University ; kg:locatedIn :town .
:branch a kg:ResearchUnit ; org:unitOf :university ; kg:locatedIn :far . :cell a kg:Team ; org:unitOf :branch .
:a a foaf:Person ; owl:sameAs :zed . :b a foaf:Person . :c a foaf:Person . :d a foaf:Person .
:m-a a kg:Membership ; org:member :a ; org:organization :lab ;
  schema:startDate "2010-03-01"^^xsd:date ; schema:endDate "2012-06-30"^^xsd:date .
:m-b a kg:Membership ; org:member :b ; org:organization :team .
:m-c a kg:Membership ; org:member :c ; org:organization :ward ;
  schema:startDate "2010"^^xsd:gYear ; kg:attestedOn "2020"^^xsd:gYear .
:m-d a kg:Membership ; org:member :d ; org:organization :cell .
:c-first-day a kg:Company ; schema:founder :zed ; schema:foundingDate "2010-03-01"^^xsd:date .
:c-eve a kg:Company ; schema:founder :a ; schema:foundingDate "2010-02-28"^^xsd:date .
:c-last-month a kg:Company ; schema:founder :a ; schema:foundingDate "2012-06"^^xsd:gYearMonth ; owl:sameAs :z-month .
:c-last-year a kg:Company ; schema:founder :a ; schema:foundingDate "2012"^^xsd:gYear .
:c-after a kg:Company ; schema:founder :a ; schema:foundingDate "2012-07"^^xsd:gYearMonth .
:c-two-dates a kg:Company ; schema:founder :a ;
  schema:foundingDate "2012-06-01"^^xsd:date , "2012-07-01"^^xsd:date .
:c-undated a kg:Company .
:f a kg:Membership ; org:member :a ; org:organization :c-undated ; org:role kg:role-co-founder .
:c-of-b a kg:Company ; schema:founder :b ; schema:foundingDate "2015"^^xsd:gYear .
:c-of-c a kg:Company ; schema:founder :c ; schema:foundingDate "2011"^^xsd:gYear .
:c-of-d a kg:Company ; schema:founder :d .
:no-company a kg:Network ; schema:founder :a ; schema:foundingDate "2011"^^xsd:gYear .
"""

#: Unit old became now (and, split, sib), now became next. The keeper supervises now, the starter old, without a date.
SPIN_OFFS = """
:old a kg:ResearchUnit ; kg:supervisedBy :starter . :now a kg:ResearchUnit . :next a kg:ResearchUnit .
:sib a kg:ResearchUnit . :crew a kg:Team ; org:unitOf :old . :starter a kg:University . :keeper a kg:ResearchBody .
:split a org:ChangeEvent ; org:originalOrganization :old ; org:resultingOrganization :now , :sib .
:renaming a org:ChangeEvent ; org:originalOrganization :now ; org:resultingOrganization :next ;
  schema:startDate "2015"^^xsd:gYear .
:sv-now a kg:Supervision ; kg:supervisedUnit :now ; kg:supervisingInstitution :keeper ;
  schema:startDate "2005"^^xsd:gYear ; schema:endDate "2010"^^xsd:gYear .
:s-old a kg:Company ; kg:spinOffOf :old . :s-crew a kg:Company ; kg:spinOffOf :crew .
:s-now a kg:Company ; kg:spinOffOf :now ; owl:sameAs :z-now . :s-next a kg:Company ; kg:spinOffOf :next .
:s-sib a kg:Company ; kg:spinOffOf :sib . :s-keeper a kg:Company ; kg:spinOffOf :keeper .
"""

#: Third places with a hospital h or g, and a unit u or x.
PLACES = """
:h a kg:Hospital . :h-ward a kg:HospitalDepartment ; org:unitOf :h . :g a kg:Hospital .
:u a kg:ResearchUnit . :u-team a kg:Team ; org:unitOf :u . :x a kg:ResearchUnit ; org:subOrganizationOf :p-months .
:p-day a kg:ThirdPlace .
:pm-1 a kg:Membership ; org:member :h ; org:organization :p-day ;
  schema:startDate "2019-01-01"^^xsd:date ; schema:endDate "2020-06-15"^^xsd:date .
:pm-2 a kg:Membership ; org:member :u ; org:organization :p-day ;
  schema:startDate "2020-06-15"^^xsd:date ; schema:endDate "2021"^^xsd:gYear .
:p-months a kg:ThirdPlace .
:pm-3 a kg:Membership ; org:member :h ; org:organization :p-months ;
  schema:startDate "2020-06"^^xsd:gYearMonth ; kg:attestedOn "2020-12-31"^^xsd:date .
:p-part a kg:ThirdPlace ; org:unitOf :g .
:pm-4 a kg:Membership ; org:member :u ; org:organization :p-part ; kg:attestedOn "2019"^^xsd:gYear , "2021"^^xsd:gYear .
:p-undated a kg:ThirdPlace ; owl:sameAs :z-undated .
:pm-5 a kg:Membership ; org:member :h-ward ; org:organization :p-undated . :u-team org:memberOf :p-undated .
:p-hospital a kg:ThirdPlace . :h org:memberOf :p-hospital .
:p-unit a kg:ThirdPlace . :x org:memberOf :p-unit . :x kg:supervisedBy :h .
:p-person a kg:ThirdPlace . :h org:memberOf :p-person . :e a foaf:Person ; org:memberOf :u , :p-person .
:p-left a kg:ThirdPlace ; org:unitOf :g . :u org:memberOf :p-left .
:sv-left a kg:Supervision ; kg:supervisedUnit :p-left ; kg:supervisingInstitution :g ;
  schema:endDate "2018"^^xsd:gYear .
"""

#: Cluster k; body supervises unit v from 2010 to 2014, and peer does without a date; w is a department of body.
CLUSTER = """
:k a kg:SupportOrganisation . :body a kg:Hospital . :peer a kg:University .
:w a kg:HospitalDepartment ; org:unitOf :body .
:v a kg:ResearchUnit ; kg:supervisedBy :peer . :v-team a kg:Team ; org:unitOf :v .
:sv-v a kg:Supervision ; kg:supervisedUnit :v ; kg:supervisingInstitution :body ;
  schema:startDate "2010-01-01"^^xsd:date ; schema:endDate "2014-12-31"^^xsd:date .
:p1 a kg:Project . :p2 a kg:Project ; schema:startDate "2016"^^xsd:gYear ; schema:endDate "2017"^^xsd:gYear .
:p3 a kg:Project . :p4 a kg:Project . :p5 a kg:Project .
:t-1 a kg:Participation ; kg:project :p1 ; kg:participant :v ;
  schema:startDate "2014-01-01"^^xsd:date ; schema:endDate "2014-12-31"^^xsd:date .
:t-2 a kg:Participation ; kg:project :p2 ; kg:participant :v .
:t-3 a kg:Participation ; kg:project :p3 ; kg:participant :w .
:t-4 a kg:Participation ; kg:project :p4 ; kg:participant :v-team ;
  schema:startDate "2012"^^xsd:gYear ; schema:endDate "2013"^^xsd:gYear .
:t-5 a kg:Participation ; kg:project :p5 ; kg:participant :body .
:n1 a kg:Company . :o-1 a kg:Participation ; kg:project :p1 ; kg:participant :n1 ;
  schema:startDate "2014-01-01"^^xsd:date ; schema:endDate "2015-12-31"^^xsd:date .
:k-1 a kg:Membership ; org:member :n1 ; org:organization :k ;
  schema:startDate "2014-12-31"^^xsd:date ; kg:attestedOn "2016"^^xsd:gYear .
:n2 a kg:Company . :o-2 a kg:Participation ; kg:project :p1 ; kg:participant :n2 ;
  schema:startDate "2014-01-01"^^xsd:date ; schema:endDate "2015-12-31"^^xsd:date .
:k-2 a kg:Membership ; org:member :n2 ; org:organization :k ; schema:startDate "2015-01-01"^^xsd:date .
:n3 a kg:Company . :o-3 a kg:Participation ; kg:project :p1 ; kg:participant :n3 .
:k-3 a kg:Membership ; org:member :n3 ; org:organization :k .
:n4 a kg:Company ; org:memberOf :k . :o-4 a kg:Participation ; kg:project :p2 ; kg:participant :n4 .
:n5 a kg:Company ; org:memberOf :k . :o-5 a kg:Participation ; kg:project :p3 ; kg:participant :n5 .
:n6 a kg:Company ; owl:sameAs :z6 . :o-6 a kg:Participation ; kg:project :p4 ; kg:participant :z6 ;
  schema:startDate "2012"^^xsd:gYear ; schema:endDate "2013"^^xsd:gYear .
:k-6 a kg:Membership ; org:member :n6 ; org:organization :k ;
  schema:startDate "2012"^^xsd:gYear ; schema:endDate "2013"^^xsd:gYear .
:n7 a kg:Network ; org:memberOf :k . :o-7 a kg:Participation ; kg:project :p1 ; kg:participant :n7 .
:n8 a kg:Company . :o-8 a kg:Participation ; kg:project :p1 ; kg:participant :n8 .
:n9 a kg:Company ; org:memberOf :k . :o-9 a kg:Participation ; kg:project :p5 ; kg:participant :n9 .
:r a kg:HospitalDepartment ; org:unitOf :body . :r-team a kg:Team ; org:unitOf :r .
:p6 a kg:Project ; schema:startDate "2012"^^xsd:gYear .
:sv-r a kg:Supervision ; kg:supervisedUnit :r ; kg:supervisingInstitution :body ; schema:endDate "2011"^^xsd:gYear .
:t-6 a kg:Participation ; kg:project :p6 ; kg:participant :r-team .
:n10 a kg:Company ; org:memberOf :k . :o-10 a kg:Participation ; kg:project :p6 ; kg:participant :n10 .
"""
SOURCES = {"founders": FOUNDERS, "spin-offs": SPIN_OFFS, "places": PLACES, "cluster": CLUSTER}

#: What the region's sources do not say, to see the region's own facts answer.
MORE = f"""
PREFIX kg: <https://w3id.org/kgtool/ontology#>
PREFIX org: <http://www.w3.org/ns/org#>
BASE <{REGION}>
INSERT DATA {{
  <institution/chu-de-lille> org:memberOf <third-place/in-citu> . <unit/u1190> org:memberOf <third-place/in-citu> .
  <company/sanofi> org:memberOf <institution/eurasante> .
  <participation/more> kg:project <project/precinash> ; kg:participant <unit/u1190> .
}}
"""
