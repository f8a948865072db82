using CiDiff.State.Code;

namespace CiDiff.Tests.State.Code;

public sealed class CosmeticChangeTests
{
    public static TheoryData<string, string> Same() => new()
    {
        { "select a from b", "select a\nfrom b\n" },
        { "select a, b from c", "select a,b from c" },
        { "select a from b", "SELECT a FROM b" },
        { "select a from b", "-- why\nselect a -- this one\nfrom b" },
        { "select a from b", "/* why */ select a from /* where */ b" },
        { "select a from b", "{# why #}\nselect a from b {# and how #}" },
        { "select a = b and c >= 1", "select a=b and c >=1" },
        { "select count(*) from (select 1)", "select count( * ) from ( select 1 )" },
        { "select a from {{ ref('b') }}", "select a from {{ref('b')}}" },
        { "select a from {{ ref('b') }}", "select a from {{ ref(\"b\") }}" },
        { "{% if x %} a {% endif %}", "{% if  x %}\n    a\n{% endif %}" },
        { "select 'it''s' as a", "select  'it''s'  as a" },
        { "select $$ a  b $$ as c", "select  $$ a  b $$ as c" },
        { "select row_number() over (partition by a order by b) from c", "select row_number() OVER (PARTITION BY a ORDER BY b) from c" },
        { "select 1e-5", "select  1e-5" },
        { "select '{{ var(\"a'b\") }}' as c", "select  '{{ var(\"a'b\") }}'  as c" },
        { "select a -- {{ ref('b') }}\n, c", "select a  -- {{ ref('b') }}\n, c" },
        { "select x[1], [2, 3] from t", "select x[ 1 ], [2,3] from t" },
        { "select a::int from b", "select a::int\nfrom b" },
    };

    public static TheoryData<string, string> Different() => new()
    {
        { "select a from b", "select c from b" },
        { "select a from b", "select A from b" }, // a warehouse may keep the case of a column's name
        { "select ab from c", "select a b from c" },
        { "select 'a  b'", "select 'a b'" },
        { "select 'A'", "select 'a'" },
        { "select \"a b\"", "select \"a  b\"" },
        { "select `a`", "select `A`" },
        { "select $$ a  b $$", "select $$ a b $$" },
        { "select $q$ a $q$", "select $r$ a $r$" },
        { "select '-- no comment'", "select '-- nocomment'" },
        { "select '/* no */ comment'", "select ' comment'" },
        { "select - -1", "select --1" },
        { "select a as END", "select a as end" },
        { "select t.END from t", "select t.end from t" },
        { "select count(a) from b", "select COUNT(a) from b" }, // DuckDB names the column after it
        { "select a from b -- depends_on: {{ ref('c') }}", "select a from b" },
        { "select a from b -- {{ ref('c') }}", "select a from b -- {{ ref('d') }}" },
        { "select /*+ broadcast(b) */ a from b", "select a from b" },
        { "select /*+ broadcast(b) */ a from b", "select /*+ shuffle(b) */ a from b" },
        { "select --+ parallel\n a from b", "select a from b" },
        { "select a from stg_{{ x }}", "select a from stg_ {{ x }}" },
        { "select a{# x #}b", "select ab" },
        { "select a{# x #}b", "select a b" },
        { "select a {#- x -#} b", "select a b" },
        { "select a\n{%- if x %}, b{% endif %}", "select a -- note\n{%- if x %}, b{% endif %}" }, // the comment would swallow what follows
        { "select a {% if x %}b{% endif %}", "select a {%- if x %}b{% endif %}" },
        { "{% set q %}select a{% endset %}", "{% set q %}select  a{% endset %}" }, // a text, whatever it is for
        { "{% raw %}{{ a }}{% endraw %}", "{% raw %}{{a}}{% endraw %}" },
        { "select {{ 'a  b' }}", "select {{ 'a b' }}" },
        { "{{ config(materialized='view') }} select 1", "{{ config(materialized='table') }} select 1" },
        { "select 'a' 'b'", "select 'a'\n'b'" }, // standard SQL joins them only over a line end
        { "select e'a'", "select e 'a'" },
        { "select a from my-project.b", "select a from my - project.b" }, // a project in BigQuery
        { "select [a b] from c", "select [a  b] from c" }, // a name in T-SQL
        { "select 1 from /* a /* b */ c */ d", "select 1 from d" }, // comments nest in PostgreSQL only
        { @"select 'a\' -- b'", @"select 'a\' -- c'" }, // BigQuery reads the backslash
        { "select '''a -- b''' ", "select '''a -- c'''" },
        { "select 'a", "select  'a" },
        { "select {{ a", "select  {{ a" },
        { "select a # b\nfrom c", "select a from c" }, // an operator in PostgreSQL
        { "select a | | b", "select a || b" },
        { "select 1e-5", "select 1e - 5" },
        { "select a from b", "select a from b;" },
        { "select :a", "select : a" },
    };

    [Theory]
    [MemberData(nameof(Same))]
    public void Comments_white_space_and_keyword_case_are_cosmetic(string head, string old)
    {
        Assert.True(CosmeticChange.IsAll(head, old));
        Assert.True(CosmeticChange.IsAll(old, head));
    }

    [Theory]
    [MemberData(nameof(Different))]
    public void What_a_warehouse_could_notice_or_what_is_unclear_is_not(string head, string old)
    {
        Assert.False(CosmeticChange.IsAll(head, old));
        Assert.False(CosmeticChange.IsAll(old, head));
    }
}
