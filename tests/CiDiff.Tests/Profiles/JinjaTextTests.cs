using CiDiff.Configuration;
using CiDiff.Errors;
using CiDiff.Profiles;

namespace CiDiff.Tests.Profiles;

public sealed class JinjaTextTests
{
    private static readonly ProfileRequest Request = new()
    {
        WorkingDirectory = "/",
        Environment = new Dictionary<string, string>
        {
            ["HOST"] = "db.example.com",
            ["PORT"] = "5433",
            ["PR"] = "42",
            ["EMPTY"] = "",
            ["ON"] = "true",
            ["SPACES"] = "  Shop ",
            ["DBT_ENV_SECRET_PASSWORD"] = "tomato",
        },
        Vars = new Dictionary<string, string> { ["region"] = "eu" },
    };

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("{{ env_var('HOST') }}", "db.example.com")]
    [InlineData("{{env_var(\"HOST\")}}", "db.example.com")]
    [InlineData("{{ env_var('NONE', 'fallback') }}", "fallback")]
    [InlineData("{{ env_var('NONE', default='fallback') }}", "fallback")]
    [InlineData("{{ env_var('NONE', 5432) }}", "5432")]
    [InlineData("{{ env_var('NONE', env_var('HOST')) }}", "db.example.com")]
    [InlineData("{{ env_var('EMPTY', 'fallback') }}", "")]
    [InlineData("{{ env_var('EMPTY') | default('fallback') }}", "")]
    [InlineData("{{ env_var('EMPTY') | default('fallback', true) }}", "fallback")]
    [InlineData("dbt_pr_{{ env_var('PR') }}", "dbt_pr_42")]
    [InlineData("{{ env_var('HOST') }}:{{ env_var('PORT') }}", "db.example.com:5433")]
    [InlineData("{{ 'dbt_pr_' ~ env_var('PR') ~ '_x' }}", "dbt_pr_42_x")]
    [InlineData("{{ ('a' ~ 'b') | upper }}", "AB")]
    [InlineData("{{ 'a' ~ 'b' | upper }}", "aB")]
    [InlineData("{{ env_var('PORT') | int }}", "5433")]
    [InlineData("{{ env_var('HOST') | int }}", "0")]
    [InlineData("{{ env_var('HOST') | int(7) }}", "7")]
    [InlineData("{{ env_var('PORT') | as_number }}", "5433")]
    [InlineData("{{ '0.5' | as_number }}", "0.5")]
    [InlineData("{{ env_var('ON') | as_bool }}", "True")]
    [InlineData("{{ env_var('PORT') | as_native }}", "5433")]
    [InlineData("{{ env_var('PORT') | as_text }}", "5433")]
    [InlineData("{{ env_var('SPACES') | trim | lower | replace('sh', 'dr') }}", "drop")]
    [InlineData("{{ var('region') }}-{{ var('zone', 'a') }}", "eu-a")]
    [InlineData("a {{- 'b' -}} c", "abc")]
    [InlineData("a{# a remark #}b", "ab")]
    [InlineData("{{ '}}' }}", "}}")]
    [InlineData("{{ 'it\\'s' }}", "it's")]
    [InlineData("block\n{{ env_var('PR') }}\n", "block\n42")]
    [InlineData("{ not } a { template", "{ not } a { template")]
    public void Expressions_are_rendered_as_dbt_renders_them(string text, string expected) => Assert.Equal(expected, Render(text));

    [Theory]
    [InlineData("{{ env_var('NONE') }}", "The environment variable 'NONE' is not set, and key 'x' needs it.")]
    [InlineData("{{ env_var('NONE', none) }}", "The environment variable 'NONE' is not set, and key 'x' needs it.")]
    [InlineData("{{ env_var('NONE') | default('late') }}", "The environment variable 'NONE' is not set, and key 'x' needs it.")]
    [InlineData("{{ env_var('host') }}", "The environment variable 'host' is not set, and key 'x' needs it.")]
    [InlineData("{{ var('NONE') }}", "The variable 'NONE' is not set, and key 'x' needs it.")]
    public void A_variable_that_is_not_set_is_named(string text, string message)
    {
        var error = Assert.Throws<UserErrorException>(() => Render(text));

        Assert.Equal(ErrorCodes.UndefinedVariable, error.Code);
        Assert.Equal(message, error.Message);
    }

    [Theory]
    [InlineData("{{ target }}", "'target' is not known there")]
    [InlineData("{{ ref('orders') }}", "ref() with 1 arguments is not known there")]
    [InlineData("{{ env_var('HOST') | b64encode }}", "the filter 'b64encode' with 0 arguments is not supported")]
    [InlineData("{{ env_var('HOST') | as_number }}", "as_number got a value that is no number")]
    [InlineData("{{ env_var('HOST') | as_bool }}", "as_bool got a value that is no boolean")]
    public void What_only_dbt_can_render_is_said(string text, string reason)
    {
        var error = Assert.Throws<UserErrorException>(() => Render(text));

        Assert.Equal(ErrorCodes.UnsupportedJinja, error.Code);
        Assert.Equal($"The Jinja in key 'x' cannot be rendered: {reason}.", error.Message);
    }

    [Theory]
    [InlineData("{% if true %}a{% endif %}", false)]
    [InlineData("{{ env_var('HOST') if true else 'b' }}", false)]
    [InlineData("{{ env_var('PORT') + 1 }}", false)]
    [InlineData("{{ target.name }}", false)]
    [InlineData("{{ target['name'] }}", false)]
    [InlineData("abc{{def", true)]
    [InlineData("{{ 'open }}", true)]
    [InlineData("{{ }}", true)]
    [InlineData("{{ & }}", true)]
    [InlineData("a{%b", true)]
    [InlineData("a{#b", true)]
    [InlineData("{{ env_var('A' }}", true)]
    public void What_is_no_Jinja_is_told_from_what_only_dbt_can_render(string text, bool isSyntax)
    {
        Assert.Null(JinjaText.Parse(text, out var problem));
        Assert.Equal(isSyntax, problem.IsSyntax);
    }

    [Fact]
    public void Secret_variables_are_remembered()
    {
        var secrets = new List<Secret>();

        var text = JinjaText.Parse("{{ env_var('DBT_ENV_SECRET_PASSWORD') }}{{ env_var('HOST') }}", out _)!.Render(new JinjaScope(Request, "key 'x'", secrets));

        Assert.Equal("tomatodb.example.com", text);
        Assert.Equal("tomato", Assert.Single(secrets).Reveal());
    }

    private static string Render(string text)
    {
        var scope = new JinjaScope(Request, "key 'x'", []);
        return JinjaText.Parse(text, out var problem) is { } jinja ? jinja.Render(scope) : throw scope.Unsupported(problem.Reason);
    }
}
